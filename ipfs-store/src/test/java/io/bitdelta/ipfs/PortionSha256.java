package io.bitdelta.ipfs;

import io.bitdelta.ipfs.cid.Sha256Batch;
import java.util.List;

/**
 * The platform's SHA-256, asked for several messages at a time.
 *
 * @param atOnce messages in a call
 */
public record PortionSha256(int atOnce) implements Sha256Batch {
    @Override
    public List<byte[]> hash(List<byte[]> messages) {
        return PLATFORM.hash(messages);
    }
}
