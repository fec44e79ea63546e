package io.bitdelta.node.cli.bench;

import io.bitdelta.contracts.DeltaSoups;
import io.bitdelta.engine.commit.AbiWords;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.Keccak256;
import io.bitdelta.engine.commit.MerkleTree;
import io.bitdelta.engine.commit.Tags;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.utils.Numeric;

/**
 * Members with real commitments to one chunk each, their majority counted one bit at a time, and equal weights. Coordinate
 * 255 of the first word is one vote away from the other sign.
 *
 * @param header what is proposed
 * @param signs the soup's sign chunk
 * @param words each member's first word
 * @param members in ascending order of their ids
 * @param memberLeaves of the members tree
 * @param weightLeaves of the weights tree
 */
record ChainSoup(
        DeltaSoups.Header header,
        DynamicBytes signs,
        List<BigInteger> words,
        List<Member> members,
        List<Hash32> memberLeaves,
        List<Hash32> weightLeaves) {
    private static final int CHUNK = 1024;
    private static final long WHOLE = 1_000_000_000;
    private static final String DELTA =
            "Delta(address identity,bytes32 baseHash,bytes32 deltaRoot,bytes32 manifestDigest,bytes32 receiptHash,uint24 epsilonMilli,uint8 flags)";
    private static final byte[] NOBODY = new byte[20];

    /** What a member committed. */
    record Member(Hash32 id, DeltaSoups.Delta delta, DeltaSoups.Roots roots, DynamicBytes signs, boolean one) {}

    /**
     * What a soup is made of.
     *
     * @param n number of members and payees, even
     * @param identity all members', and the payee's whose index is {@code claimant}
     * @param claimant index of the payee that will claim
     * @param parent a soup that is paid at index 5, or zero for none
     * @param salt makes soups of equal members differ
     * @param snapshot chain time
     */
    record Recipe(int n, Address identity, int claimant, Hash32 parent, int salt, long snapshot) {}

    static ChainSoup cook(Recipe recipe) {
        List<Member> members = IntStream.range(0, recipe.n())
                .mapToObj(i -> member(bytes(recipe.identity()), i, i % 2 == 0))
                .sorted((a, b) -> a.id().compareTo(b.id()))
                .toList();
        List<BigInteger> words =
                members.stream().map(member -> word(member.signs().getValue())).toList();
        byte[] signs = majority(members);
        byte[] scales = new byte[CHUNK];
        List<Hash32> memberLeaves = new ArrayList<>();
        List<Hash32> weightLeaves = new ArrayList<>();
        for (int i = 0; i < recipe.n(); i++) {
            memberLeaves.add(new AbiWords()
                    .bytes32(Tags.tag("member"))
                    .uint(i)
                    .bytes32(members.get(i).id())
                    .hash());
            weightLeaves.add(weightLeaf(recipe, i));
        }
        DeltaSoups.Header header = new DeltaSoups.Header(
                hash("base").bytes(),
                hash("layout").bytes(),
                MerkleTree.root(memberLeaves).bytes(),
                leaf(NOBODY, 0, signs).bytes(),
                Hash32.ZERO.bytes(),
                leaf(NOBODY, 1, scales).bytes(),
                MerkleTree.root(weightLeaves).bytes(),
                hash("soup manifest " + recipe.salt()).bytes(),
                BigInteger.valueOf(recipe.n()),
                BigInteger.ZERO,
                BigInteger.valueOf(recipe.n()),
                BigInteger.ONE,
                BigInteger.ONE,
                BigInteger.ZERO,
                BigInteger.ONE,
                BigInteger.ONE,
                BigInteger.ONE,
                BigInteger.valueOf(recipe.snapshot()));
        return new ChainSoup(header, new DynamicBytes(signs), words, members, memberLeaves, weightLeaves);
    }

    /** The same soup with its closest coordinate claimed the other way: a fraud. */
    ChainSoup fraudulent() {
        byte[] bent = signs.getValue().clone();
        bent[0] ^= (byte) 0x80;
        DeltaSoups.Header h = header;
        DeltaSoups.Header lie = new DeltaSoups.Header(
                h.baseHash,
                h.layoutHash,
                h.membersRoot,
                leaf(NOBODY, 0, bent).bytes(),
                h.abstainRoot,
                h.scalesRoot,
                h.weightsRoot,
                h.manifestDigest,
                h.members,
                h.byzantine,
                h.payees,
                h.nSigns,
                h.nScales,
                h.epsilonCapMilli,
                h.rule,
                h.weightsRule,
                h.requiredFlags,
                h.snapshot);
        return new ChainSoup(lie, new DynamicBytes(bent), words, members, memberLeaves, weightLeaves);
    }

    /** A member whose vote at the closest coordinate is 1: bending it makes the fraud look counted. */
    int liar() {
        return IntStream.range(0, members.size())
                .filter(i -> members.get(i).one())
                .findFirst()
                .orElseThrow();
    }

    /** The members' words, with the liar's vote turned. */
    List<BigInteger> bentWords() {
        List<BigInteger> bent = new ArrayList<>(words);
        bent.set(liar(), bent.get(liar()).flipBit(255));
        return bent;
    }

    static List<Hash32> wordLeaves(List<BigInteger> words) {
        return IntStream.range(0, words.size())
                .mapToObj(i -> new AbiWords()
                        .bytes32(Tags.tag("word"))
                        .uint(i)
                        .uint(words.get(i))
                        .hash())
                .toList();
    }

    static List<byte[]> proof(List<Hash32> leaves, int index) {
        return MerkleTree.proof(leaves, index).stream().map(Hash32::bytes).toList();
    }

    static long start(int n, int index) {
        return index * WHOLE / n;
    }

    private static Hash32 weightLeaf(Recipe recipe, int i) {
        AbiWords leaf = new AbiWords().bytes32(Tags.tag("weight")).uint(i);
        boolean soup = i == 5 && !recipe.parent().equals(Hash32.ZERO);
        leaf.uint(soup ? 1 : 0);
        if (soup) {
            leaf.bytes32(recipe.parent());
        } else {
            leaf.address(i == recipe.claimant() ? bytes(recipe.identity()) : stranger(i));
        }
        return leaf.uint(start(recipe.n(), i)).uint(start(recipe.n(), i + 1)).hash();
    }

    private static byte[] stranger(int i) {
        byte[] address = new byte[20];
        System.arraycopy(hash("payee " + i).bytes(), 0, address, 0, 20);
        return address;
    }

    private static Member member(byte[] identity, int i, boolean one) {
        byte[] signs = new byte[CHUNK];
        for (int w = 0; w < 2; w++) {
            System.arraycopy(hash("signs " + i + " " + w).bytes(), 0, signs, 32 * w, 32);
        }
        signs[0] = (byte) (one ? signs[0] | 0x80 : signs[0] & 0x7F);
        Hash32 signsRoot = leaf(identity, 0, signs);
        Hash32 scalesRoot = leaf(identity, 1, new byte[CHUNK]);
        Hash32 root = new AbiWords()
                .bytes32(Tags.tag("root"))
                .bytes32(hash("layout"))
                .uint(1)
                .bytes32(signsRoot)
                .uint(1)
                .bytes32(scalesRoot)
                .bytes32(Hash32.ZERO)
                .bytes32(hash("file " + i))
                .hash();
        DeltaSoups.Roots roots = new DeltaSoups.Roots(
                hash("layout").bytes(),
                BigInteger.ONE,
                signsRoot.bytes(),
                BigInteger.ONE,
                scalesRoot.bytes(),
                Hash32.ZERO.bytes(),
                hash("file " + i).bytes());
        DeltaSoups.Delta delta = new DeltaSoups.Delta(
                Numeric.toHexString(identity),
                hash("base").bytes(),
                root.bytes(),
                hash("manifest " + i).bytes(),
                Hash32.ZERO.bytes(),
                BigInteger.ZERO,
                BigInteger.ONE);
        Hash32 id = new AbiWords()
                .bytes32(hash(DELTA))
                .address(identity)
                .bytes32(hash("base"))
                .bytes32(root)
                .bytes32(hash("manifest " + i))
                .bytes32(Hash32.ZERO)
                .uint(0)
                .uint(1)
                .hash();
        return new Member(id, delta, roots, new DynamicBytes(signs), one);
    }

    private static byte[] majority(List<Member> members) {
        byte[] result = new byte[CHUNK];
        for (int bit = 0; bit < 8 * CHUNK; bit++) {
            int mask = 1 << bit % 8;
            int ones = 0;
            for (Member member : members) {
                ones += (member.signs().getValue()[bit / 8] & mask) == 0 ? 0 : 1;
            }
            if (2 * ones >= members.size()) {
                result[bit / 8] |= (byte) mask;
            }
        }
        return result;
    }

    private static Hash32 leaf(byte[] identity, int kind, byte[] chunk) {
        return new AbiWords()
                .bytes32(Tags.tag("leaf"))
                .address(identity)
                .uint(kind)
                .uint(0)
                .bytes32(Hash32.ZERO)
                .bytes32(Keccak256.hash(chunk))
                .hash();
    }

    private static byte[] bytes(Address address) {
        return Numeric.hexStringToByteArray(address.getValue());
    }

    private static BigInteger word(byte[] chunk) {
        return new BigInteger(1, chunk, 0, 32);
    }

    static Hash32 hash(String text) {
        return Keccak256.hash(text.getBytes(StandardCharsets.UTF_8));
    }
}
