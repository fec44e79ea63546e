package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.cid.Cid;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;

/**
 * Reads files out of blocks, in order, one block in memory at a time. Every block was verified by its source; here the
 * sizes that nodes declare are checked against what they hold, so the bytes written are exactly those of the file, or the
 * read fails.
 */
public final class UnixFsReader {
    private final BlockSource source;
    private final DagLimits limits;

    /** Reads with {@link DagLimits#DEFAULT}. */
    public UnixFsReader(BlockSource source) {
        this(source, DagLimits.DEFAULT);
    }

    /** Reads within limits. */
    public UnixFsReader(BlockSource source, DagLimits limits) {
        this.source = source;
        this.limits = limits;
    }

    /** Hears which blocks a read uses, in the order of a depth-first walk. */
    @FunctionalInterface
    public interface Visitor {
        /** Called before the block's own bytes are written. */
        void visit(Block block) throws IOException;
    }

    /** Bytes of a file. */
    public long size(Cid file) throws IOException {
        return FileNode.of(source.require(file)).bytes();
    }

    /** Writes a whole file and returns its bytes. */
    public long copyTo(Cid file, OutputStream target) throws IOException {
        return copyRange(file, 0, Long.MAX_VALUE, target);
    }

    /**
     * Reads a piece of a file; shorter than {@code length} only at the file's end.
     *
     * @param offset bytes to pass over, not negative
     */
    public byte[] read(Cid file, long offset, int length) throws IOException {
        ByteArrayOutputStream target = new ByteArrayOutputStream(Math.min(length, Block.MAX_BYTES));
        copyRange(file, offset, length, target);
        return target.toByteArray();
    }

    /** Writes up to {@code length} bytes from {@code offset} on and returns how many there were. */
    public long copyRange(Cid file, long offset, long length, OutputStream target) throws IOException {
        return walk(file, offset, length, block -> {}, target);
    }

    /** Visits the blocks that a range of a file needs, without its bytes. */
    public void visitRange(Cid file, long offset, long length, Visitor visitor) throws IOException {
        walk(file, offset, length, visitor, OutputStream.nullOutputStream());
    }

    private record Part(Cid cid, long from, long bytes, int depth) {}

    private long walk(Cid file, long offset, long length, Visitor visitor, OutputStream target) throws IOException {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("negative range: " + length + " bytes from " + offset);
        }
        long end = offset + length < 0 ? Long.MAX_VALUE : offset + length;
        long written = 0;
        ArrayDeque<Part> stack = new ArrayDeque<>();
        stack.push(new Part(file, 0, -1, 0));
        while (!stack.isEmpty()) {
            Part part = stack.pop();
            Block block = source.require(part.cid);
            visitor.visit(block);
            FileNode node = FileNode.of(block);
            check(file, part, node);
            long from = Math.max(offset, part.from) - part.from;
            long to = Math.min(end, part.from + node.data().length) - part.from;
            if (from < to) {
                target.write(node.data(), (int) from, (int) (to - from));
                written += to - from;
            }
            push(stack, part, node, offset, end);
        }
        return written;
    }

    private void check(Cid file, Part part, FileNode node) throws IOException {
        if (part.bytes >= 0 && part.bytes != node.bytes()) {
            throw new MalformedNodeException(
                    part.cid, "has " + node.bytes() + " bytes of the file, its parent declares " + part.bytes);
        }
        if (node.bytes() > limits.maxBytes()) {
            throw new DagLimitException(file, "its size in bytes", node.bytes(), limits.maxBytes());
        }
        if (part.depth > limits.maxDepth()) {
            throw new DagLimitException(file, "its depth", part.depth, limits.maxDepth());
        }
    }

    /** Pushes the children that overlap the range, the first one on top. Children without bytes are not visited. */
    private static void push(ArrayDeque<Part> stack, Part part, FileNode node, long offset, long end) {
        long childEnd = part.from + node.bytes();
        for (int i = node.links().size() - 1; i >= 0; i--) {
            long bytes = node.linkBytes()[i];
            long childFrom = childEnd - bytes;
            if (bytes > 0 && childFrom < end && childEnd > offset) {
                stack.push(new Part(node.links().get(i).cid(), childFrom, bytes, part.depth + 1));
            }
            childEnd = childFrom;
        }
    }
}
