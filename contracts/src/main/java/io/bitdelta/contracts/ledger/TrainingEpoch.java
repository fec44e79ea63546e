package io.bitdelta.contracts.ledger;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.web3j.crypto.Hash;

/**
 * One epoch of a fork: a run of operations without gaps, each hashed with the leaf before it.
 *
 * <p>Leaf of operation o: {@code H(E(T("record"), forkId, o, S(sealed record), previous leaf))}; operation {@code
 * firstOpId + i} stands at index i of the tree of FORMATS section 4.
 */
public final class TrainingEpoch {
    private static final byte[] RECORD = Hash.sha3("bitdelta.record.v1".getBytes(StandardCharsets.US_ASCII));
    private static final int WORD = 32;

    private final long firstOpId;
    private final List<byte[]> leaves;

    private TrainingEpoch(long firstOpId, List<byte[]> leaves) {
        this.firstOpId = firstOpId;
        this.leaves = leaves;
    }

    /**
     * Chains records into an epoch.
     *
     * @param forkId 32 bytes
     * @param firstOpId number of the first operation, not negative
     * @param previousLeaf leaf of the operation before the first, 32 zero bytes at the very beginning
     * @param sealedRecordHashes SHA-256 of each sealed record, in order, at least one
     * @throws IllegalArgumentException if a hash is not 32 bytes or there is no record
     */
    public static TrainingEpoch of(
            byte[] forkId, long firstOpId, byte[] previousLeaf, List<byte[]> sealedRecordHashes) {
        requireHash(forkId, "forkId");
        if (firstOpId < 0 || sealedRecordHashes.isEmpty()) {
            throw new IllegalArgumentException("an epoch needs a first operation >= 0 and at least one record, got "
                    + firstOpId + " and " + sealedRecordHashes.size() + " records");
        }
        List<byte[]> leaves = new ArrayList<>();
        byte[] previous = requireHash(previousLeaf, "previousLeaf");
        for (int i = 0; i < sealedRecordHashes.size(); i++) {
            byte[] record = requireHash(sealedRecordHashes.get(i), "record " + i);
            previous = leaf(forkId, firstOpId + i, record, previous);
            leaves.add(previous);
        }
        return new TrainingEpoch(firstOpId, List.copyOf(leaves));
    }

    /** First operation. */
    public long firstOpId() {
        return firstOpId;
    }

    /** Last operation. */
    public long lastOpId() {
        return firstOpId + leaves.size() - 1;
    }

    /** Leaf of the last operation: what the next epoch begins with. */
    public byte[] lastLeaf() {
        return leaves.getLast().clone();
    }

    /** Root of the epoch's tree, as {@code recordTraining} takes it. */
    public byte[] root() {
        byte[][] level = padded();
        while (level.length > 1) {
            level = up(level);
        }
        return level[0].clone();
    }

    /**
     * Siblings of an operation's leaf, from the leaves to the root.
     *
     * @throws IllegalArgumentException if the operation is not of this epoch
     */
    public List<byte[]> proof(long opId) {
        if (opId < firstOpId || opId > lastOpId()) {
            throw new IllegalArgumentException(
                    "operation " + opId + " is not in the epoch " + firstOpId + " to " + lastOpId());
        }
        int index = Math.toIntExact(opId - firstOpId);
        List<byte[]> siblings = new ArrayList<>();
        for (byte[][] level = padded(); level.length > 1; level = up(level)) {
            siblings.add(level[index ^ 1].clone());
            index >>= 1;
        }
        return siblings;
    }

    /** What the ledger stores for an epoch: {@code H(E(root, firstOpId, lastOpId))}. */
    public byte[] anchor() {
        return Hash.sha3(concat(root(), word(firstOpId), word(lastOpId())));
    }

    /**
     * Whether a record lies under an anchored root; the same answer as the contract's {@code verifyRecord}.
     *
     * @param anchor what {@code anchor(forkId, epoch)} returns
     * @param root the epoch's root and, with the two numbers, its {@code TrainingRecorded} event
     */
    public static boolean verify(
            byte[] anchor,
            byte[] forkId,
            byte[] root,
            long firstOpId,
            long lastOpId,
            long opId,
            byte[] sealedRecordHash,
            byte[] previousLeaf,
            List<byte[]> proof) {
        byte[] expected = Hash.sha3(concat(requireHash(root, "root"), word(firstOpId), word(lastOpId)));
        if (!Arrays.equals(anchor, expected) || opId < firstOpId || opId > lastOpId) {
            return false;
        }
        long count = lastOpId - firstOpId + 1;
        int depth = count <= 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(count - 1);
        if (proof.size() != depth) {
            return false;
        }
        byte[] node = leaf(
                requireHash(forkId, "forkId"),
                opId,
                requireHash(sealedRecordHash, "sealedRecordHash"),
                requireHash(previousLeaf, "previousLeaf"));
        long index = opId - firstOpId;
        for (byte[] sibling : proof) {
            node = (index & 1) == 0
                    ? Hash.sha3(concat(node, requireHash(sibling, "sibling")))
                    : Hash.sha3(concat(requireHash(sibling, "sibling"), node));
            index >>= 1;
        }
        return Arrays.equals(node, root);
    }

    private static byte[] leaf(byte[] forkId, long opId, byte[] record, byte[] previous) {
        return Hash.sha3(concat(RECORD, forkId, word(opId), record, previous));
    }

    private byte[][] padded() {
        int size = 1;
        while (size < leaves.size()) {
            size *= 2;
        }
        byte[][] level = new byte[size][];
        for (int i = 0; i < size; i++) {
            level[i] = i < leaves.size() ? leaves.get(i) : new byte[WORD];
        }
        return level;
    }

    private static byte[][] up(byte[][] level) {
        byte[][] next = new byte[level.length / 2][];
        for (int i = 0; i < next.length; i++) {
            next[i] = Hash.sha3(concat(level[2 * i], level[2 * i + 1]));
        }
        return next;
    }

    private static byte[] word(long value) {
        byte[] bytes = BigInteger.valueOf(value).toByteArray();
        byte[] word = new byte[WORD];
        System.arraycopy(bytes, 0, word, WORD - bytes.length, bytes.length);
        return word;
    }

    private static byte[] concat(byte[]... parts) {
        byte[] all = new byte[parts.length * WORD];
        for (int i = 0; i < parts.length; i++) {
            System.arraycopy(parts[i], 0, all, i * WORD, WORD);
        }
        return all;
    }

    private static byte[] requireHash(byte[] hash, String name) {
        if (hash.length != WORD) {
            throw new IllegalArgumentException(name + " has " + hash.length + " bytes, a hash has " + WORD);
        }
        return hash;
    }
}
