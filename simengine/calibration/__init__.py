"""What evidence says of customers: parameters by maximum likelihood, how well they predict, and a scenario of them."""
