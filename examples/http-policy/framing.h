// SPDX-License-Identifier: Apache-2.0
//
// Reads the head of an HTTP/1.x request out of a buffer, and is strict about it: whatever two servers might read in
// different ways is refused with EBADMSG, else a request could hide inside another.
//
// The functions without `static` are checked by the verifier on their own, once, instead of once per line of a head.

#define HEAD_MAX 8192 // bytes of a head, the blank line included
#define LINES_MAX 100 // lines of it
#define METHOD_MAX 16
#define WINDOW 64 // bytes looked at in one piece

// What content_length() says of any other field. Real lengths are smaller.
#define OTHER_FIELD (1 << 30)

// A macro, so that the comparison belongs to the line that asks for it.
#define STARTS_WITH(text, word)                                                                   \
    ({                                                                                            \
        int same = 1;                                                                             \
        _Pragma("unroll") for (int at = 0; at < sizeof(word) - 1; at++)                           \
            same = same && (text)[at] == (word)[at];                                              \
        same;                                                                                     \
    })

static __always_inline int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static __always_inline int skip_blanks(const char *text, int i)
{
    while (i < WINDOW && (text[i] == ' ' || text[i] == '\t'))
        i++;
    return i;
}

// Copies up to `size` bytes of the buffer; zeros stand for those behind its end. Packet pointers would need the buffer to be
// linear, and a parser may not change it.
static __always_inline void look(struct __sk_buff *skb, __u32 off, char *to, __u32 size)
{
    __u32 there = skb->len - off;

    __builtin_memset(to, 0, size);
    if (off >= skb->len)
        return;
    if (there > size)
        there = size;
    barrier_var(there); // clang knows that it is not 0; the verifier has to see it
    if (there > 0)
        bpf_skb_load_bytes(skb, off, to, there);
}

// Counts the bytes before the next control character, WINDOW at most. The end of the buffer counts as one.
__noinline int text_length(struct __sk_buff *skb, __u32 off)
{
    char text[WINDOW];
    int i;

    look(skb, off, text, sizeof(text));
    for (i = 0; i < WINDOW; i++)
        if ((unsigned char)text[i] < ' ' && text[i] != '\t')
            break;
    return i;
}

// The length of a line with its CR LF, 0 if its end is not there yet. A lone CR or LF is wrong, as is any other control
// character.
__noinline int line_length(struct __sk_buff *skb, __u32 off)
{
    __u32 end = off;
    char c;
    int i, n;

    for (i = 0; i < HEAD_MAX / WINDOW; i++) {
        n = text_length(skb, end);
        end += n;
        if (n != WINDOW)
            break;
    }
    if (end + 2 > HEAD_MAX)
        return -EMSGSIZE;
    if (bpf_skb_load_bytes(skb, end, &c, 1))
        return 0;
    if (c != '\r')
        return -EBADMSG;
    if (bpf_skb_load_bytes(skb, end + 1, &c, 1))
        return 0;
    if (c != '\n')
        return -EBADMSG;
    return end + 2 - off;
}

// Finds the space behind the method. Only capital letters and hyphens may come before it.
__noinline int method_length(struct __sk_buff *skb)
{
    char line[METHOD_MAX + 1];
    int i;

    look(skb, 0, line, sizeof(line));
    for (i = 0; i < METHOD_MAX; i++)
        if (line[i] != '-' && (line[i] < 'A' || line[i] > 'Z'))
            break;
    return line[i] == ' ' ? i : -EBADMSG;
}

// Checks METHOD SP target SP HTTP/1.x, a line of n bytes.
static int request_line(struct __sk_buff *skb, __u32 n)
{
    char target, end[sizeof(" HTTP/1.x\r\n") - 1];
    int method = method_length(skb);

    look(skb, method + 1, &target, 1);
    look(skb, n - sizeof(end), end, sizeof(end));
    if (method < 1 || target == ' ' || target == '\t' || method + 1 + sizeof(end) >= n)
        return -EBADMSG;
    if (!STARTS_WITH(end, " HTTP/1.") || !is_digit(end[sizeof(" HTTP/1.") - 1]))
        return -EBADMSG;
    return 0;
}

// Reads the decimal number that fills the line from off on, blanks behind it apart.
__noinline int number(struct __sk_buff *skb, __u32 off)
{
    char text[WINDOW];
    int digits, end, value = 0;

    look(skb, off, text, sizeof(text));
    for (digits = 0; digits < 9 && is_digit(text[digits]); digits++)
        value = value * 10 + text[digits] - '0';
    end = skip_blanks(text, digits);
    return digits > 0 && end < WINDOW && text[end] == '\r' ? value : -EBADMSG;
}

// Reads a field line: the number if it is Content-Length, else OTHER_FIELD. Transfer-Encoding is refused: such a body has no
// length to frame it by. So is a blank before the colon or at the start of the line.
__noinline int content_length(struct __sk_buff *skb, __u32 off)
{
    char field[WINDOW];
    int i;

    look(skb, off, field, sizeof(field));
    for (i = 0; i < WINDOW && field[i] != ':'; i++) {
        if (field[i] <= ' ')
            return -EBADMSG;
        field[i] |= 0x20; // to lower case
    }
    if (i == 0 || i == WINDOW)
        return -EBADMSG;
    if (STARTS_WITH(field, "transfer-encoding:"))
        return -EOPNOTSUPP;
    if (!STARTS_WITH(field, "content-length:"))
        return OTHER_FIELD;
    return number(skb, off + skip_blanks(field, sizeof("content-length:") - 1));
}
