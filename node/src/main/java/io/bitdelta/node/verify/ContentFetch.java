package io.bitdelta.node.verify;

import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.gateway.GatewayClient;
import io.bitdelta.ipfs.unixfs.DagLimits;
import io.bitdelta.ipfs.unixfs.UnixFsReader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a check gets content from; whatever comes back hashes to what was asked for. */
public interface ContentFetch {
    /** One block's bytes. */
    byte[] block(Cid cid) throws IOException;

    /** Writes a file of at most {@code maxBytes}. */
    void file(Cid cid, Path target, long maxBytes) throws IOException;

    /** Content that others serve. */
    static ContentFetch of(GatewayClient gateways) {
        return new ContentFetch() {
            @Override
            public byte[] block(Cid cid) throws IOException {
                return gateways.block(cid).data();
            }

            @Override
            public void file(Cid cid, Path target, long maxBytes) throws IOException {
                gateways.fetch(cid, target, maxBytes);
            }
        };
    }

    /** Content that is at hand. */
    static ContentFetch of(BlockSource source) {
        return new ContentFetch() {
            @Override
            public byte[] block(Cid cid) throws IOException {
                return source.require(cid).data();
            }

            @Override
            public void file(Cid cid, Path target, long maxBytes) throws IOException {
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
                    new UnixFsReader(source, DagLimits.DEFAULT.withMaxBytes(maxBytes)).copyTo(cid, out);
                }
            }
        };
    }
}
