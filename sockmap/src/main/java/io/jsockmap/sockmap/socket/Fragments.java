package io.jsockmap.sockmap.socket;

/**
 * Where a socket copies what it sends: a message's bytes extend its last element as long as they
 * lie behind it in the same fragment of memory.
 */
final class Fragments {
    private static final int PAGE = 4096;
    private static final byte[] NONE = {};

    private final Delivery delivery;
    private byte[] fragment = NONE;
    private int used;

    /** Whether the message's last element is where its sender had it. */
    private boolean shared;

    Fragments(Delivery delivery) {
        this.delivery = delivery;
    }

    /** Adds to the end of a message until there is no more, or no room; gives how many bytes. */
    int append(SkMsg message, Gather source) {
        int before = message.length();
        share(message, source);
        while (source.remaining() > 0 && message.length() < SkMsg.MAX_SIZE) {
            boolean adjacent = prepare(message, source.atMost(SkMsg.MAX_SIZE));
            if (!adjacent && message.isFull()) break;
            int room = Math.min(fragment.length - used, SkMsg.MAX_SIZE - message.length());
            int count = source.atMost(room);
            source.get(fragment, used, count);
            put(message, adjacent, count);
            used += count;
        }
        return message.length() - before;
    }

    /** What nobody has looked at stays where it is, as pages do that are spliced into a message. */
    private void share(SkMsg message, Gather source) {
        if (message.length() > 0) return;
        for (var piece = source.unseen(); piece != null; piece = source.unseen()) {
            int room = Math.min(SkMsg.MAX_SIZE - message.length(), delivery.longestElement());
            if (piece.length() > room || message.isFull()) return;
            share(message, source.takeUnseen());
        }
    }

    /** Adds a piece to the end of a message as it is. */
    void share(SkMsg message, Chunk piece) {
        message.add(piece);
        shared = true;
    }

    private void put(SkMsg message, boolean adjacent, int count) {
        if (adjacent) {
            var last = message.last();
            message.extendLast(new Chunk(fragment, last.offset(), last.length() + count));
        } else {
            message.add(new Chunk(fragment, used, count));
        }
    }

    /** Sees to it that the fragment has room; whether that lies behind the message's last byte. */
    private boolean prepare(SkMsg message, int wanted) {
        return switch (delivery) {
            case KERNEL -> {
                boolean grows = shared && message.last().length() < SkMsg.ELEMENT_SIZE;
                if (grows) move(message, SkMsg.ELEMENT_SIZE);
                if (used == fragment.length) begin(SkMsg.ELEMENT_SIZE);
                yield isAdjacent(message);
            }
            case HOSTILE -> {
                begin(message.length() == 0 ? 1 : Math.min(wanted, PAGE));
                yield false;
            }
            case WHOLE -> {
                if (message.length() == 0) begin(Math.min(wanted, SkMsg.MAX_SIZE));
                else if (!isAdjacent(message) || used == fragment.length) grow(message, wanted);
                yield message.length() > 0;
            }
        };
    }

    /** The message is gone: only the kernel's way goes on behind it in the same fragment. */
    void release() {
        shared = false;
        if (delivery == Delivery.KERNEL) return;
        fragment = NONE;
        used = 0;
    }

    private void begin(int size) {
        fragment = new byte[size];
        used = 0;
    }

    private boolean isAdjacent(SkMsg message) {
        var last = message.last();
        return last != null
                && !shared
                && isHere(last)
                && last.offset() + last.length() == used
                && used < fragment.length;
    }

    @SuppressWarnings("ReferenceEquality")
    private boolean isHere(Chunk element) {
        return element.array() == fragment;
    }

    /** Moves the message's last element to a fragment with room for twice as much. */
    private void grow(SkMsg message, int wanted) {
        int length = message.last().length();
        int size = Math.max(length + wanted, 2 * length);
        move(message, Math.min(size, SkMsg.MAX_SIZE));
    }

    /** Moves the message's last element to a fragment of that size. */
    private void move(SkMsg message, int size) {
        var last = message.last();
        begin(size);
        System.arraycopy(last.array(), last.offset(), fragment, 0, last.length());
        used = last.length();
        message.extendLast(new Chunk(fragment, 0, used));
        shared = false;
    }
}
