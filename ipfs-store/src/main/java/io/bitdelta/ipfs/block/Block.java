package io.bitdelta.ipfs.block;

import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.Codec;
import io.bitdelta.ipfs.cid.Sha256Batch;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes together with the identifier they hash to. The array is shared, not copied: nobody changes it after construction.
 */
public final class Block {
    /** The largest block: what bitswap and the public gateways accept. */
    public static final int MAX_BYTES = 2 * 1024 * 1024;

    private final Cid cid;
    private final byte[] data;

    private enum Origin {
        COMPUTED
    }

    private Block(Cid cid, byte[] data, Origin origin) {
        assert origin == Origin.COMPUTED : "the identifier was computed from these bytes";
        this.cid = cid;
        this.data = data;
    }

    /**
     * Checks bytes of any origin against an identifier.
     *
     * @throws HashMismatchException if {@code data} does not hash to {@code cid}
     * @throws BlockTooLargeException if there are more than {@link #MAX_BYTES} bytes
     */
    public Block(Cid cid, byte[] data) throws HashMismatchException, BlockTooLargeException {
        checkSize(cid.toString(), data.length);
        if (!cid.matches(data)) {
            throw new HashMismatchException(cid, computed(cid, data));
        }
        this.cid = cid;
        this.data = data;
    }

    /** Names bytes as a raw block. */
    public static Block raw(byte[] data) throws BlockTooLargeException {
        return of(Codec.RAW, data);
    }

    /** Names bytes as a block of the codec. */
    public static Block of(long codec, byte[] data) throws BlockTooLargeException {
        checkSize("of codec 0x" + Long.toHexString(codec), data.length);
        return new Block(Cid.of(codec, data), data, Origin.COMPUTED);
    }

    /**
     * Names many arrays of bytes as blocks of the codec. One of them, its place depending on the hashes, is also hashed by
     * the platform: a function that goes wrong must not name thousands of blocks before anybody notices.
     *
     * @throws IllegalStateException if {@code sha256} is not SHA-256
     */
    public static List<Block> all(long codec, List<byte[]> data, Sha256Batch sha256) throws BlockTooLargeException {
        for (byte[] each : data) {
            checkSize("of codec 0x" + Long.toHexString(codec), each.length);
        }
        List<byte[]> hashes = sha256.hash(data);
        List<Block> blocks = new ArrayList<>(data.size());
        for (int i = 0; i < data.size(); i++) {
            blocks.add(new Block(Cid.sha256(codec, hashes.get(i)), data.get(i), Origin.COMPUTED));
        }
        if (sha256 != Sha256Batch.PLATFORM && !blocks.isEmpty()) {
            Block sample = blocks.get((hashes.getFirst()[0] & 0xff) % blocks.size());
            if (!sample.cid.matches(sample.data)) {
                throw new IllegalStateException(
                        "SHA-256 of several messages at a time gave " + sample.cid + ", the platform gives "
                                + computed(sample.cid, sample.data) + "; nothing was kept, hash one at a time");
            }
        }
        return blocks;
    }

    /** The same bytes under the version 0 identifier of a dag-pb block. */
    public Block toV0() {
        if (cid.codec() != Codec.DAG_PB || cid.isIdentity()) {
            throw new IllegalArgumentException("version 0 names dag-pb blocks by SHA-256, not " + cid);
        }
        byte[] multihash = new byte[2 + Cid.DIGEST_BYTES];
        byte[] all = cid.bytes();
        System.arraycopy(all, all.length - multihash.length, multihash, 0, multihash.length);
        return new Block(Cid.ofBytes(multihash), data, Origin.COMPUTED);
    }

    /** The data an identity identifier carries. */
    static Block inline(Cid identity) {
        return new Block(identity, identity.digest(), Origin.COMPUTED);
    }

    /** The same, already checked, bytes under the other version's identifier of the same hash and codec. */
    Block named(Cid other) {
        if (!other.toV1().equals(cid.toV1())) {
            throw new IllegalArgumentException(other + " names other bytes than " + cid);
        }
        return new Block(other, data, Origin.COMPUTED);
    }

    private static void checkSize(String name, int bytes) throws BlockTooLargeException {
        if (bytes > MAX_BYTES) {
            throw new BlockTooLargeException("block " + name, bytes, MAX_BYTES);
        }
    }

    static Cid computed(Cid expected, byte[] data) {
        return Cid.of(expected.codec(), data);
    }

    /** The identifier. */
    public Cid cid() {
        return cid;
    }

    /** The bytes, shared. */
    public byte[] data() {
        return data;
    }

    /** Number of bytes. */
    public int size() {
        return data.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Block block && cid.equals(block.cid);
    }

    @Override
    public int hashCode() {
        return cid.hashCode();
    }

    @Override
    public String toString() {
        return cid + " (" + data.length + " bytes)";
    }
}
