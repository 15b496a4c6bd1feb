// SPDX-License-Identifier: Apache-2.0
//
// Runs one program by uBPF's JIT and prints what it returned and how long a run took.
//
//   run CODE PACKET MAPS ROUNDS
//
//   CODE     instructions of 8 bytes. A reference to a map (a 64-bit load whose source is 1) has the map's place in MAPS.
//   PACKET   the packet's bytes
//   MAPS     lines of text: "map KEY-SIZE VALUE-SIZE ENTRIES" makes the next map, a hash; "element PLACE KEY VALUE" fills one,
//            key and value as hexadecimal digits
//   ROUNDS   how often to measure
//
// Prints "RESULT NANOSECONDS": R0 in decimal, of 32 bits with sign, and the median of the rounds.

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <ubpf.h>

#define MAPS_MAX 8
#define BUCKETS_MAX 65536
#define BYTES_MAX 256 // of a key or value
#define ROUND 1000000 // nanoseconds that a round takes at least: less than a turn of the scheduler

#define MAP_LOOKUP 1
#define SKB_LOAD_BYTES 26

// As in the programs' packet.h.
struct context {
    uint64_t data, data_end;
    uint32_t len;
};

struct element {
    struct element *next;
    uint64_t bytes[]; // the key, and behind it the value
};

struct map {
    size_t key_size, value_size; // the key's rounded up to 8 bytes, of which those behind it are zeros
    size_t real_key_size;
    size_t mask;
    struct element **buckets;
};

static struct map maps[MAPS_MAX];
static size_t map_count;

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "run: %s: %s\n", what, why);
    exit(1);
}

static void *allocate(size_t size)
{
    void *memory = calloc(1, size);

    if (!memory)
        fail("memory", "not enough");
    return memory;
}

static uint64_t word(const unsigned char *bytes, size_t left)
{
    uint64_t value = 0;

    if (left >= sizeof(value))
        memcpy(&value, bytes, sizeof(value));
    else
        for (size_t i = 0; i < left; i++)
            value |= (uint64_t)bytes[i] << 8 * i;
    return value;
}

static struct element **bucket(const struct map *map, const unsigned char *key)
{
    uint64_t hash = 0x9e3779b97f4a7c15;

    for (size_t i = 0; i < map->real_key_size; i += 8) {
        hash = (hash ^ word(key + i, map->real_key_size - i)) * 0xff51afd7ed558ccd;
        hash ^= hash >> 32;
    }
    return &map->buckets[hash & map->mask];
}

static void *lookup(const struct map *map, const unsigned char *key)
{
    struct element *element = *bucket(map, key);

    while (element && memcmp(element->bytes, key, map->real_key_size))
        element = element->next;
    return element ? (unsigned char *)element->bytes + map->key_size : NULL;
}

static void make_map(size_t key_size, size_t value_size, size_t entries)
{
    struct map *map = &maps[map_count];
    size_t buckets = 1;

    if (map_count == MAPS_MAX || key_size > BYTES_MAX || value_size > BYTES_MAX)
        fail("map", "more or larger than there is room for");
    while (buckets < entries && buckets < BUCKETS_MAX)
        buckets *= 2;
    *map = (struct map){(key_size + 7) / 8 * 8, value_size, key_size, buckets - 1, allocate(buckets * sizeof(void *))};
    map_count++;
}

static void decode(const char *text, unsigned char *to, size_t size)
{
    if (strlen(text) != 2 * size)
        fail(text, "has another length than the map's keys or values");
    for (size_t i = 0; i < size; i++)
        if (sscanf(text + 2 * i, "%2hhx", &to[i]) != 1)
            fail(text, "is not hexadecimal");
}

static void put(struct map *map, const char *key, const char *value)
{
    struct element *element = allocate(sizeof(*element) + map->key_size + map->value_size);
    unsigned char *bytes = (unsigned char *)element->bytes;
    struct element **first;

    decode(key, bytes, map->real_key_size);
    decode(value, bytes + map->key_size, map->value_size);
    first = bucket(map, bytes);
    element->next = *first;
    *first = element;
}

static void read_maps(const char *name)
{
    char line[4 * BYTES_MAX + 64], key[2 * BYTES_MAX + 1], value[2 * BYTES_MAX + 1];
    FILE *file = fopen(name, "r");
    size_t a, b, c;

    if (!file)
        fail(name, "can't be read");
    while (fgets(line, sizeof(line), file)) {
        if (sscanf(line, "map %zu %zu %zu", &a, &b, &c) == 3)
            make_map(a, b, c);
        else if (sscanf(line, "element %zu %512[0-9a-f] %512[0-9a-f]", &a, key, value) == 3 && a < map_count)
            put(&maps[a], key, value);
        else
            fail(name, line);
    }
    fclose(file);
}

static unsigned char *read_file(const char *name, size_t *size)
{
    FILE *file = fopen(name, "rb");
    unsigned char *bytes;
    long length;

    if (!file || fseek(file, 0, SEEK_END) || (length = ftell(file)) < 0 || fseek(file, 0, SEEK_SET))
        fail(name, "can't be read");
    bytes = allocate(length + 1);
    if (fread(bytes, 1, length, file) != (size_t)length)
        fail(name, "can't be read");
    fclose(file);
    *size = length;
    return bytes;
}

// Puts the maps' addresses in the place of their numbers.
static void resolve(unsigned char *code, size_t size)
{
    for (unsigned char *slot = code; slot + 16 <= code + size; slot += 8) {
        uint32_t place;
        uint64_t address;

        if (slot[0] != 0x18)
            continue;
        if (slot[1] >> 4 == 1) {
            memcpy(&place, slot + 4, 4);
            if (place >= map_count)
                fail("code", "refers to a map that is not there");
            address = (uintptr_t)&maps[place];
            slot[1] &= 0x0f;
            memcpy(slot + 4, &address, 4);
            memcpy(slot + 12, (unsigned char *)&address + 4, 4);
        }
        slot += 8;
    }
}

static uint64_t map_lookup(uint64_t map, uint64_t key, uint64_t c, uint64_t d, uint64_t e)
{
    (void)c, (void)d, (void)e;
    return (uintptr_t)lookup((const struct map *)(uintptr_t)map, (const unsigned char *)(uintptr_t)key);
}

static uint64_t load_bytes(uint64_t context, uint64_t off, uint64_t to, uint64_t size, uint64_t e)
{
    const struct context *packet = (const struct context *)(uintptr_t)context;

    (void)e;
    off = (uint32_t)off;
    size = (uint32_t)size;
    if (off + size > packet->len) {
        memset((void *)(uintptr_t)to, 0, size);
        return -14; // EFAULT
    }
    memcpy((void *)(uintptr_t)to, (const unsigned char *)(uintptr_t)packet->data + off, size);
    return 0;
}

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static int64_t time_runs(ubpf_jit_fn program, struct context *context, int64_t runs)
{
    int64_t start = now();

    for (int64_t i = 0; i < runs; i++)
        program(context, sizeof(*context));
    return now() - start;
}

static double median(ubpf_jit_fn program, struct context *context, int rounds)
{
    double *times = allocate(rounds * sizeof(*times));
    int64_t runs = 1;

    while (time_runs(program, context, runs) < ROUND)
        runs *= 2;
    for (int i = 0; i < rounds; i++)
        times[i] = (double)time_runs(program, context, runs) / runs;
    qsort(times, rounds, sizeof(*times), compare);
    return times[rounds / 2];
}

int main(int argc, char **argv)
{
    struct ubpf_vm *vm = ubpf_create();
    struct context context;
    unsigned char *code, *packet;
    size_t code_size, packet_size;
    ubpf_jit_fn program;
    char *error = NULL;
    int rounds;

    if (argc != 5 || (rounds = atoi(argv[4])) < 1)
        fail("usage", "run CODE PACKET MAPS ROUNDS");
    code = read_file(argv[1], &code_size);
    packet = read_file(argv[2], &packet_size);
    read_maps(argv[3]);
    resolve(code, code_size);
    context = (struct context){(uintptr_t)packet, (uintptr_t)packet + packet_size, packet_size};
    if (!vm || ubpf_register(vm, MAP_LOOKUP, "map_lookup", map_lookup) ||
        ubpf_register(vm, SKB_LOAD_BYTES, "skb_load_bytes", load_bytes))
        fail("uBPF", "can't be set up");
    if (ubpf_load(vm, code, code_size, &error) || !(program = ubpf_compile(vm, &error)))
        fail(argv[1], error ? error : "is refused");
    printf("%" PRId32 " ", (int32_t)program(&context, sizeof(context)));
    printf("%.2f\n", median(program, &context, rounds));
    return 0;
}
