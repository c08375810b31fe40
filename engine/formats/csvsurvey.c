/* Looks text over before it is cut into rows: how many there are, and what asks for care. */
#include "engine/formats/csvsurvey.h"

#if SIMD_HAS_WIDE
/* Each of the three has a low half byte of its own, by which it is looked up and compared with. */
SIMD_WIDE static inline bool asks_for_care_wide(const char *at)
{
    const __m256i *from = (const __m256i *)(const void *)at;
    const __m256i three = _mm256_setr_epi8(0, 1, '"', 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, '\r', 1, 1, 0,
                                           1, '"', 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, '\r', 1, 1);
    __m256i low = _mm256_loadu_si256(from), high = _mm256_loadu_si256(from + 1);
    __m256i found = _mm256_or_si256(_mm256_cmpeq_epi8(_mm256_shuffle_epi8(three, low), low),
                                    _mm256_cmpeq_epi8(_mm256_shuffle_epi8(three, high), high));
    return !_mm256_testz_si256(found, found);
}
#endif

/* Whether a quote, a carriage return or a NUL is among CSV_BLOCK characters. */
SIMD_INLINE bool asks_for_care(const char *at, bool wide)
{
#if SIMD_HAS_WIDE
    if (wide)
        return asks_for_care_wide(at);
#endif
    return (csv_find(at, '"', wide) | csv_find(at, '\r', wide) | csv_find(at, '\0', wide)) != 0;
}

/* A part of the text, of at most CSV_BLOCK characters. */
struct part {
    const char *at;
    bool is_first;
    uint64_t within; /* the characters that count */
    int last;        /* of them */
};

SIMD_INLINE uint64_t find(const struct part *part, char c, bool wide)
{
    return csv_find(part->at, c, wide) & part->within;
}

/* The ends of empty lines: behind a line end, at once or after a carriage return. */
SIMD_INLINE uint64_t find_blanks(struct csv_survey *survey, const struct csv_marks *marks, int last)
{
    const int highest = CSV_BLOCK - 1;
    uint64_t one_back = marks->ends << 1 | survey->ends >> highest;
    uint64_t two_back = marks->ends << 2 | survey->ends >> (highest - 1);
    uint64_t return_back = marks->returns << 1 | survey->returns >> highest;
    uint64_t before = last < highest ? survey->ends >> (last + 1) : 0;
    survey->ends = marks->ends << (highest - last) | before;
    survey->returns = marks->returns << (highest - last);
    return marks->ends & (one_back | (return_back & two_back));
}

SIMD_INLINE bool is_separator(char c, const struct csv_dialect *dialect)
{
    return c == dialect->delimiter || c == dialect->newline;
}

SIMD_INLINE bool is_passing(const struct csv_quote_carry *carry)
{
    return (carry->inside | carry->closed | carry->returned) != 0;
}

SIMD_INLINE void add_quotes(struct csv_survey *survey, const struct csv_surveyor *by,
                            const struct part *part, struct csv_marks marks)
{
    marks.separators = marks.ends | find(part, by->dialect.delimiter, by->wide);
    if (!part->is_first) /* the part before may not have looked for it */
        survey->carry.opens = is_separator(part->at[-1], &by->dialect);
    struct csv_quoting quoting = csv_pass_quotes(&survey->carry, &marks, part->last);
    survey->quoted_lines += csv_mask_count(marks.ends & quoting.inside);
    survey->quoted_blanks += csv_mask_count(marks.blanks & quoting.inside);
    survey->has_quotes |= marks.quotes != 0;
    survey->has_odd_quotes |= (quoting.odd & part->within) != 0;
}

SIMD_INLINE void add_part(struct csv_survey *survey, const struct csv_surveyor *by,
                          const struct part *part)
{
    struct csv_marks marks = {.ends = find(part, by->dialect.newline, by->wide)};
    if (asks_for_care(part->at, by->wide)) {
        survey->has_nul |= find(part, '\0', by->wide) != 0;
        marks.quotes = find(part, '"', by->wide);
        if (by->dialect.newline == '\n')
            marks.returns = find(part, '\r', by->wide);
    }
    marks.blanks = find_blanks(survey, &marks, part->last);
    survey->lines += csv_mask_count(marks.ends);
    if (marks.blanks != 0)
        survey->blanks += csv_mask_count(marks.blanks);
    if (marks.quotes != 0 || is_passing(&survey->carry))
        add_quotes(survey, by, part, marks);
}

/* A part of fewer than CSV_BLOCK characters is copied, since another thread may be writing what
 * stands behind it. */
SIMD_INLINE void add_last(struct csv_survey *survey, const struct csv_surveyor *by,
                          const struct part *part)
{
    char block[1 + CSV_BLOCK];
    size_t length = (size_t)part->last + 1;
    memset(block, ' ', sizeof block);
    block[0] = part->is_first ? ' ' : part->at[-1];
    memcpy(block + 1, part->at, length);
    add_part(survey, by,
             &(struct part){block + 1, part->is_first, ((uint64_t)1 << length) - 1, part->last});
}

SIMD_INLINE void add(struct csv_survey *survey, const struct csv_surveyor *by, const char *begin,
                     const char *end)
{
    struct csv_survey sum = *survey;
    const char *at = begin;
    for (; end - at >= CSV_BLOCK; at += CSV_BLOCK)
        add_part(&sum, by, &(struct part){at, at == begin, UINT64_MAX, CSV_BLOCK - 1});
    if (at < end)
        add_last(&sum, by, &(struct part){at, at == begin, 0, (int)(end - at) - 1});
    if (begin < end)
        sum.carry.opens = is_separator(end[-1], &by->dialect);
    *survey = sum;
}

#if SIMD_HAS_WIDE
SIMD_WIDE static void add_wide(struct csv_survey *survey, struct csv_surveyor by, const char *begin,
                               const char *end)
{
    by.wide = true;
    add(survey, &by, begin, end);
}
#endif

static void add_narrow(struct csv_survey *survey, struct csv_surveyor by, const char *begin,
                       const char *end)
{
    by.wide = false;
    add(survey, &by, begin, end);
}

struct csv_survey csv_survey_start(void)
{
    return (struct csv_survey){.ends = (uint64_t)1 << (CSV_BLOCK - 1), .carry = {.opens = 1}};
}

void csv_survey_add(struct csv_survey *survey, const struct csv_surveyor *by, const char *begin,
                    const char *end)
{
#if SIMD_HAS_WIDE
    if (by->wide) {
        add_wide(survey, *by, begin, end);
        return;
    }
#endif
    add_narrow(survey, *by, begin, end);
}
