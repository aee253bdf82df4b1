"""What one run, or many cells of one, say about a question: who our customers are, why they are ours."""
