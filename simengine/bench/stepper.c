/* The reference of speed: a market that is stepped, every customer, every quarter.
 *
 * A customer draws, weighs every offer (needs x quality, inertia of the current supplier, an extreme-value error, the
 * same in every what-if), holds the best one if a review is due, and spends. Offers change from quarter to quarter.
 * Customers are the inner loop and choose without a branch, so that the compiler works on a vector of them at once;
 * totals are loops of their own, because with them in the same loop it would not.
 *
 * `by_errors` 0 draws one uniform for a choice instead of an error for every offer: less work, the same shares, but no
 * two what-ifs then differ by what was changed alone.
 */
#include <math.h>
#include <stdint.h>

enum { NEEDS = 4, OFFERS = 5 }; /* four suppliers and the outside option */

static const uint32_t STRIDE = 0x9e3779b9u; /* between the keys of two draws */

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT
#endif

/* 32 random bits of a counter: C. Wellons, "lowbias32". */
static inline uint32_t mixed(uint32_t x)
{
    x ^= x >> 16;
    x *= 0x7feb352du;
    x ^= x >> 15;
    x *= 0x846ca68bu;
    return x ^ x >> 16;
}

/* A uniform in (0, 1), from 23 of the bits. */
static inline float uniform(uint32_t counter)
{
    return (float)(int32_t)(mixed(counter) >> 9) * 0x1p-23f + 0x1p-24f;
}

/* Utility of offer j to customer i, inertia included, the error not. */
static inline float utility(int32_t j, int32_t i, int32_t size, int32_t current, const float *need,
                            const float *constant, const float *quality, float inertia)
{
    float u = constant[j] + (current == j ? inertia : 0.0f);
    for (int32_t k = 0; k < NEEDS; k++)
        u += quality[NEEDS * j + k] * need[k * size + i];
    return u;
}

/* Takes offer j if it is perceived as better than the best so far. */
#define WEIGH(j)                                                                                              \
    {                                                                                                         \
        float error = -logf(-logf(uniform(id ^ (key + STRIDE * (j + 1)))));                                   \
        float perceived = utility(j, i, size, current, need, constant, quality, inertia) + error;             \
        chosen = perceived > best ? j : chosen;                                                               \
        best = perceived > best ? perceived : best;                                                           \
    }

/* Reviews and choices of one segment in one quarter; changes supplier [size]. The offers are written out: the compiler
 * leaves a loop over them as it is, and then works on one customer at a time. */
static void choose_by_errors(int32_t size, uint32_t first, uint32_t key, const float *restrict need,
                             const float *restrict constant, const float *restrict quality, float inertia,
                             float review, int32_t *restrict supplier)
{
    for (int32_t i = 0; i < size; i++) {
        uint32_t id = first + (uint32_t)i;
        int32_t current = supplier[i], chosen = 0;
        float best = -1e9f;
        WEIGH(0)
        WEIGH(1)
        WEIGH(2)
        WEIGH(3)
        WEIGH(4)
        supplier[i] = uniform(id ^ key) < review ? chosen : current;
    }
}

/* The same with one uniform for the choice: the offer in whose part of the summed weights it falls. */
static void choose_by_share(int32_t size, uint32_t first, uint32_t key, const float *restrict need,
                            const float *restrict constant, const float *restrict quality, float inertia,
                            float review, int32_t *restrict supplier)
{
    for (int32_t i = 0; i < size; i++) {
        uint32_t id = first + (uint32_t)i;
        int32_t current = supplier[i], chosen = 0;
        float sum[OFFERS], total = 0.0f;
        for (int32_t j = 0; j < OFFERS; j++)
            sum[j] = total += expf(utility(j, i, size, current, need, constant, quality, inertia));
        float drawn = uniform(id ^ (key + STRIDE)) * total;
        for (int32_t j = 0; j < OFFERS - 1; j++)
            chosen += drawn >= sum[j];
        supplier[i] = uniform(id ^ key) < review ? chosen : current;
    }
}

/* Customers and revenue by supplier: [OFFERS] each. */
static void spend(int32_t size, const int32_t *restrict supplier, const float *restrict revenue,
                  int64_t *restrict customers, double *restrict money)
{
    for (int32_t j = 0; j < OFFERS; j++) {
        int32_t holders = 0;
        float spent = 0.0f;
        for (int32_t i = 0; i < size; i++) {
            holders += supplier[i] == j;
            spent += supplier[i] == j ? revenue[i] : 0.0f;
        }
        customers[j] = holders;
        money[j] = spent;
    }
}

/* Step the segments from `segment` to `end` through all quarters.
 * need [S][NEEDS][size], revenue [S][size], supplier [S][size] (changed), constant [S][OFFERS],
 * quality [T][S][OFFERS][NEEDS], inertia [S], review [S]; written: customers, money [T][S][OFFERS].
 */
EXPORT void step_market(int32_t by_errors, int32_t segment, int32_t end, int32_t segments, int32_t size,
                        int32_t quarters, uint32_t seed, const float *need, const float *revenue, int32_t *supplier,
                        const float *constant, const float *quality, const float *inertia, const float *review,
                        int64_t *customers, double *money)
{
    for (int32_t t = 0; t < quarters; t++)
        for (int32_t s = segment; s < end; s++) {
            int64_t at = (int64_t)t * segments + s, row = (int64_t)s * size;
            (by_errors ? choose_by_errors : choose_by_share)(
                size, (uint32_t)row, mixed(seed + (uint32_t)t), need + NEEDS * row, constant + OFFERS * s,
                quality + OFFERS * NEEDS * at, inertia[s], review[s], supplier + row);
            spend(size, supplier + row, revenue + row, customers + OFFERS * at, money + OFFERS * at);
        }
}
