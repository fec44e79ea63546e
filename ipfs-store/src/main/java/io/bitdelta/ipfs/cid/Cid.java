package io.bitdelta.ipfs.cid;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A content identifier, version 0 or 1, over a SHA-256 or identity multihash. Immutable; equal when the binary forms are
 * equal; ordered by the unsigned binary form.
 *
 * <p>Version 1: {@code 01 ‖ codec ‖ hash code ‖ length ‖ digest} with varints. Version 0: the bare SHA-256 multihash,
 * implying dag-pb.
 */
public final class Cid implements Comparable<Cid> {
    /** Bytes of a SHA-256 digest. */
    public static final int DIGEST_BYTES = 32;
    /** The longest inlined data accepted in an identity multihash. */
    public static final int MAX_IDENTITY_BYTES = 128;
    /** The longest binary form. */
    public static final int MAX_BYTES = 1 + 9 + 1 + 2 + MAX_IDENTITY_BYTES;

    private static final int SHA_256 = 0x12;
    private static final int IDENTITY = 0x00;
    private static final int MAX_TEXT = 1 + 2 * MAX_BYTES;

    private final byte[] bytes;
    private final long codec;
    private final int digestAt;

    private Cid(byte[] bytes, long codec, int digestAt) {
        this.bytes = bytes;
        this.codec = codec;
        this.digestAt = digestAt;
    }

    /**
     * Reads the text form: {@code Qm...} (version 0) or version 1 in base32 ({@code b}, {@code B}), base58btc
     * ({@code z}) or base16 ({@code f}, {@code F}).
     *
     * @throws InvalidCidException if the text is not the one encoding of a supported identifier
     */
    public static Cid parse(String text) {
        if (text.length() > MAX_TEXT) {
            throw new InvalidCidException("not a CID: " + text.length() + " characters, at most " + MAX_TEXT);
        }
        try {
            if (text.length() == 46 && text.startsWith("Qm")) {
                return ofBytes(Base58.decode(text));
            }
            if (text.length() < 2) {
                throw new InvalidCidException("too short");
            }
            String body = text.substring(1);
            Cid cid =
                    switch (text.charAt(0)) {
                        case 'b' -> ofBytes(Base32.decode(body));
                        case 'B' -> {
                            if (!body.equals(body.toUpperCase(Locale.ROOT))) {
                                throw new InvalidCidException("mixed case in upper-case base32");
                            }
                            yield ofBytes(Base32.decode(body.toLowerCase(Locale.ROOT)));
                        }
                        case 'z' -> ofBytes(Base58.decode(body));
                        case 'f', 'F' -> ofBytes(hex(body));
                        default ->
                            throw new InvalidCidException(
                                    "starts with neither Qm nor a supported base prefix (b, B, z, f, F)");
                    };
            if (cid.version() == 0) {
                throw new InvalidCidException("a version 0 CID takes no base prefix");
            }
            return cid;
        } catch (InvalidCidException | MalformedVarintException e) {
            throw new InvalidCidException("not a CID: '" + text + "': " + e.getMessage());
        }
    }

    private static byte[] hex(String body) {
        try {
            return HexFormat.of().parseHex(body);
        } catch (IllegalArgumentException e) {
            throw new InvalidCidException("not base16");
        }
    }

    /**
     * Reads the binary form, which must fill the array.
     *
     * @throws InvalidCidException if it is not the one encoding of a supported identifier
     */
    public static Cid ofBytes(byte[] bytes) {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        Cid cid = read(source);
        if (source.hasRemaining()) {
            throw new InvalidCidException(source.remaining() + " bytes behind the CID");
        }
        return cid;
    }

    /**
     * Reads one binary identifier at the buffer's position and moves the position behind it.
     *
     * @throws InvalidCidException if there is none
     */
    public static Cid read(ByteBuffer source) {
        int start = source.position();
        try {
            if (source.remaining() >= 2 + DIGEST_BYTES
                    && source.get(start) == SHA_256
                    && source.get(start + 1) == DIGEST_BYTES) {
                byte[] all = new byte[2 + DIGEST_BYTES];
                source.get(all);
                return new Cid(all, Codec.DAG_PB, 2);
            }
            long version = Varint.read(source);
            if (version != 1) {
                throw new InvalidCidException("CID version " + version + " is not supported (0 and 1 are)");
            }
            long codec = Varint.read(source);
            long hash = Varint.read(source);
            long length = Varint.read(source);
            checkHash(hash, length);
            if (length > source.remaining()) {
                throw new InvalidCidException(
                        "digest of " + length + " bytes, but only " + source.remaining() + " bytes are left");
            }
            int digestAt = source.position() - start;
            byte[] all = new byte[digestAt + (int) length];
            source.get(start, all);
            source.position(start + all.length);
            return new Cid(all, codec, digestAt);
        } catch (MalformedVarintException e) {
            throw new InvalidCidException(String.valueOf(e.getMessage()));
        }
    }

    private static void checkHash(long hash, long length) {
        if (hash == SHA_256 && length != DIGEST_BYTES) {
            throw new InvalidCidException("SHA-256 digest of " + length + " bytes instead of " + DIGEST_BYTES);
        }
        if (hash == IDENTITY && length > MAX_IDENTITY_BYTES) {
            throw new InvalidCidException(
                    "identity data of " + length + " bytes, at most " + MAX_IDENTITY_BYTES + " are accepted");
        }
        if (hash != SHA_256 && hash != IDENTITY) {
            throw new InvalidCidException(
                    "hash function 0x" + Long.toHexString(hash) + " is not supported (SHA-256 and identity are)");
        }
    }

    /** The identifier of {@code data} under a codec, with SHA-256. */
    public static Cid of(long codec, byte[] data) {
        return sha256(codec, digestOf(data));
    }

    /** The identifier of {@code data} as one raw block. */
    public static Cid ofRaw(byte[] data) {
        return of(Codec.RAW, data);
    }

    /** The raw identifier of data whose SHA-256 is known. */
    public static Cid rawSha256(byte[] digest32) {
        return sha256(Codec.RAW, digest32);
    }

    /** The version 1 identifier of data whose SHA-256 (32 bytes) is known. */
    public static Cid sha256(long codec, byte[] digest32) {
        if (digest32.length != DIGEST_BYTES) {
            throw new InvalidCidException("SHA-256 digest of " + digest32.length + " bytes");
        }
        ByteBuffer target = ByteBuffer.allocate(1 + Varint.size(codec) + 2 + DIGEST_BYTES);
        target.put((byte) 1);
        Varint.write(codec, target);
        target.put((byte) SHA_256).put((byte) DIGEST_BYTES).put(digest32);
        return new Cid(target.array(), codec, target.capacity() - DIGEST_BYTES);
    }

    /** The version 1 raw identifier that carries {@code data}, at most {@link #MAX_IDENTITY_BYTES} bytes, in itself. */
    public static Cid identity(byte[] data) {
        checkHash(IDENTITY, data.length);
        ByteBuffer target = ByteBuffer.allocate(3 + Varint.size(data.length) + data.length);
        target.put((byte) 1).put((byte) Codec.RAW).put((byte) IDENTITY);
        Varint.write(data.length, target);
        target.put(data);
        return new Cid(target.array(), Codec.RAW, target.capacity() - data.length);
    }

    /** The version: 0 or 1. */
    public int version() {
        return digestAt == 2 ? 0 : 1;
    }

    /** How the block's bytes are to be read; see {@link Codec}. */
    public long codec() {
        return codec;
    }

    /** Whether the data is inlined in the identifier itself. */
    public boolean isIdentity() {
        return version() == 1 && bytes[1 + Varint.size(codec)] == IDENTITY;
    }

    /** The digest (32 bytes of SHA-256), or the inlined data of an identity hash. A copy. */
    public byte[] digest() {
        return Arrays.copyOfRange(bytes, digestAt, bytes.length);
    }

    /** The binary form. A copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Bytes of the binary form. */
    public int size() {
        return bytes.length;
    }

    /** Writes the binary form at the buffer's position. */
    public void write(ByteBuffer target) {
        target.put(bytes);
    }

    /** The version 1 form of the same codec and hash. */
    public Cid toV1() {
        return version() == 1 ? this : sha256(Codec.DAG_PB, digest());
    }

    /** The same hash under another codec, version 1. */
    public Cid withCodec(long other) {
        if (isIdentity()) {
            throw new IllegalStateException("an identity CID keeps its codec: " + this);
        }
        return sha256(other, digest());
    }

    /** Whether {@code data} hashes to this identifier. */
    public boolean matches(byte[] data) {
        byte[] actual = isIdentity() ? data : digestOf(data);
        return Arrays.equals(bytes, digestAt, bytes.length, actual, 0, actual.length);
    }

    static byte[] digestOf(byte[] data) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(data);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public int compareTo(Cid other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cid cid && Arrays.equals(bytes, cid.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Base32 ({@code b...}) for version 1, base58 ({@code Qm...}) for version 0. */
    @Override
    public String toString() {
        return version() == 0 ? Base58.encode(bytes) : "b" + Base32.encode(bytes);
    }
}
