package io.bitdelta.engine.commit;

/** {@code leaf = H(E(T("leaf"), identity, k, i, leafSalt, H(chunk)))} for one tree. Not thread-safe. */
final class LeafHasher {
    private static final Hash32 LEAF = Tags.tag("leaf");
    private static final Hash32 SALT = Tags.tag("salt");

    private final byte[] identity20;
    private final Hash32 salt;
    private final LeafKind kind;

    LeafHasher(byte[] identity20, Hash32 salt, LeafKind kind) {
        this.identity20 = identity20.clone();
        this.salt = salt;
        this.kind = kind;
    }

    /** The leaf of chunk {@code index}. */
    Hash32 leaf(long index, byte[] chunk) {
        return new AbiWords()
                .bytes32(LEAF)
                .address(identity20)
                .uint(kind.code())
                .uint(index)
                .bytes32(leafSalt(index))
                .bytes32(Keccak256.hash(chunk))
                .hash();
    }

    /** The salt of one leaf; zero without a salt. */
    Hash32 leafSalt(long index) {
        if (salt.equals(Hash32.ZERO)) {
            return Hash32.ZERO;
        }
        return new AbiWords()
                .bytes32(SALT)
                .bytes32(salt)
                .uint(kind.code())
                .uint(index)
                .hash();
    }
}
