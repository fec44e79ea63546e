package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.Codec;
import io.bitdelta.ipfs.dagcbor.CborNode;
import io.bitdelta.ipfs.dagcbor.MalformedCborException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Follows a path of names through folders, sharded folders and DAG-CBOR documents. */
public final class PathResolver {
    private final BlockSource source;

    /** Resolves in {@code source}. */
    public PathResolver(BlockSource source) {
        this.source = source;
    }

    /**
     * Where a path leads.
     *
     * @param passed the blocks read on the way, in order, without the last one
     * @param target the block the path ends in
     * @param roots the root and one identifier per segment that crossed a link
     */
    public record Resolution(List<Block> passed, Cid target, List<Cid> roots) {}

    /**
     * Follows a path. A path may end inside a DAG-CBOR document; the document is then the target.
     *
     * @throws PathNotFoundException if a name is not there
     * @throws io.bitdelta.ipfs.block.BlockNotFoundException if a block on the way is not there
     */
    public Resolution resolve(Cid root, List<String> segments) throws IOException {
        List<Block> passed = new ArrayList<>();
        List<Cid> roots = new ArrayList<>();
        roots.add(root);
        Cid current = root;
        int at = 0;
        while (at < segments.size()) {
            Block block = source.require(current);
            Step step = block.cid().codec() == Codec.DAG_CBOR
                    ? inDocument(block, segments, at, passed)
                    : inFolder(block, segments.get(at), passed);
            Cid next = step.next;
            if (next == null) {
                break;
            }
            at += step.segments;
            current = next;
            roots.add(next);
        }
        return new Resolution(passed, current, roots);
    }

    private record Step(@Nullable Cid next, int segments) {}

    private Step inFolder(Block block, String name, List<Block> passed) throws IOException {
        if (block.cid().codec() != Codec.DAG_PB) {
            throw new PathNotFoundException(block.cid(), name);
        }
        PbNode node = PbNode.decode(block);
        passed.add(block);
        Optional<Cid> found = UnixFsData.decode(block.cid(), node).type() == UnixFsData.Type.HAMT_SHARD
                ? HamtFolder.find(source, block, name, passed)
                : node.links().stream()
                        .filter(link -> !name.isEmpty() && link.label().equals(name))
                        .map(PbLink::cid)
                        .findFirst();
        return new Step(found.orElseThrow(() -> new PathNotFoundException(block.cid(), name)), 1);
    }

    private static Step inDocument(Block block, List<String> segments, int from, List<Block> passed)
            throws IOException {
        CborNode node;
        try {
            node = CborNode.decode(block.data());
        } catch (MalformedCborException e) {
            throw new MalformedNodeException(block.cid(), "DAG-CBOR: " + e.getMessage());
        }
        int at = from;
        while (true) {
            if (node instanceof CborNode.Link link) {
                passed.add(block);
                return new Step(link.cid(), at - from);
            }
            if (at == segments.size()) {
                return new Step(null, 0);
            }
            node = child(block.cid(), node, segments.get(at));
            at++;
        }
    }

    private static CborNode child(Cid cid, CborNode node, String name) throws PathNotFoundException {
        CborNode child =
                switch (node) {
                    case CborNode.Fields fields -> fields.values().get(name);
                    case CborNode.Items items -> {
                        int index = name.matches("0|[1-9]\\d{0,8}") ? Integer.parseInt(name) : -1;
                        yield index >= 0 && index < items.values().size()
                                ? items.values().get(index)
                                : null;
                    }
                    default -> null;
                };
        if (child == null) {
            throw new PathNotFoundException(cid, name);
        }
        return child;
    }
}
