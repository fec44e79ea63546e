package io.bitdelta.node.cli.bench;

import io.bitdelta.contracts.BitDeltaRegistry;
import io.bitdelta.contracts.BitDeltaRoyalties;
import io.bitdelta.contracts.DeltaSoups;
import io.bitdelta.engine.commit.AbiWords;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.Keccak256;
import io.bitdelta.node.chain.EmbeddedChain;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.web3j.abi.datatypes.Address;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.Sign;
import org.web3j.tx.Contract;
import org.web3j.utils.Numeric;

/** Sends each kind of transaction and notes the gas of its receipt. */
final class ChainBench {
    private static final String EAS = "EAS attest";
    private static final String SPLITS_CREATE = "0xSplits create, n = 1000 (the sketch: 92.6 M)";
    private static final String SPLITS_DISTRIBUTE = "0xSplits distribute, n = 1000 (the sketch: 38.3 M)";
    private static final String DROP = "1inch cumulative drop";
    private static final int CLAIMANT = 7;
    private static final BigInteger ETHER = BigInteger.TEN.pow(18);
    private static final BigInteger NOTHING = BigInteger.ZERO;
    private static final byte[] NO_BYTES = {};
    private static final byte[] NO_HASH = new byte[32];
    private static final String NOBODY = "0x0000000000000000000000000000000000000000";

    private final ChainHouse house;
    private final List<Integer> sizes;
    private final int largest;
    private final List<ChainRow> rows = new ArrayList<>();
    private final Address identity;
    private int salt;

    /** @param sizes numbers of members, even and at least 10; rows without a number are for the last one */
    ChainBench(EmbeddedChain chain, List<Integer> sizes) {
        this.house = new ChainHouse(chain);
        this.sizes = List.copyOf(sizes);
        this.largest = sizes.getLast();
        this.identity = new Address(house.account().getAddress());
    }

    List<ChainRow> run() {
        registry();
        for (int n : sizes) {
            soup(n);
        }
        batches();
        vouchers();
        return List.copyOf(rows);
    }

    // ---- registry

    private void registry() {
        BitDeltaRegistry registry = house.registry();
        String me = house.account().getAddress();
        byte[] bundle = ChainSoup.hash("bundle").bytes();
        BitDeltaRegistry.Delta first = delta(me, 1);
        rows.add(ChainRow.of("publish-first", publish(first, NO_HASH, bundle), 105_000, 295_000, EAS));
        BitDeltaRegistry.Delta second = delta(me, 2);
        rows.add(ChainRow.of("publish-repeat", publish(second, id(first), bundle), 88_000, 295_000, EAS));
        List<BitDeltaRegistry.Delta> deltas = new ArrayList<>();
        List<byte[]> previous = new ArrayList<>();
        byte[] head = id(second);
        for (int i = 0; i < 20; i++) {
            deltas.add(delta(me, 100 + i));
            previous.add(head);
            head = id(deltas.getLast());
        }
        String many = registry.publishMany(deltas, previous, Collections.nCopies(20, bundle))
                .encodeFunctionCall();
        rows.add(ChainRow.of("publishMany-20-each", gas(registry, many) / 20, 46_000, 258_000, EAS + " in a batch"));
        Credentials owner = ChainHouse.key("bitdelta bench owner");
        BitDeltaRegistry.Delta signed = delta(owner.getAddress(), 3);
        BigInteger deadline = BigInteger.valueOf(house.now() + 86_400);
        Hash32 struct = new AbiWords()
                .bytes32(ChainSoup.hash("Publish(bytes32 deltaId,bytes32 prev,uint256 deadline)"))
                .bytes32(Hash32.of(id(signed)))
                .bytes32(Hash32.ZERO)
                .uint(deadline)
                .hash();
        byte[] domain = house.client().read("registry domain", registry.domainSeparator());
        String bySig = registry.publishBySig(
                        signed, NO_HASH, bundle, NOBODY, NO_BYTES, deadline, sign(owner, domain, struct))
                .encodeFunctionCall();
        rows.add(ChainRow.of("publishBySig-first", gas(registry, bySig), 113_000));
        String revoke = registry.revoke(id(second)).encodeFunctionCall();
        rows.add(ChainRow.of("revoke", gas(registry, revoke), 40_000, 73_000, "EAS revoke"));
    }

    private double publish(BitDeltaRegistry.Delta delta, byte[] previous, byte[] bundle) {
        return gas(
                house.registry(),
                house.registry()
                        .publish(delta, previous, bundle, NOBODY, NO_BYTES)
                        .encodeFunctionCall());
    }

    private byte[] id(BitDeltaRegistry.Delta delta) {
        return house.client().read("delta id", house.registry().deltaIdOf(delta));
    }

    private static BitDeltaRegistry.Delta delta(String owner, int i) {
        return new BitDeltaRegistry.Delta(
                owner,
                ChainSoup.hash("base").bytes(),
                ChainSoup.hash("root " + i).bytes(),
                ChainSoup.hash("manifest of " + i).bytes(),
                NO_HASH,
                BigInteger.ZERO,
                BigInteger.ONE);
    }

    // ---- one soup of each size

    private void soup(int n) {
        String suffix = n == largest ? "" : "-" + n;
        DeltaSoups soups = house.soups();
        ChainSoup honest = cook(n, Hash32.ZERO);
        byte[] id = id(honest);
        rows.add(ChainRow.of("propose" + suffix, propose(honest), 75_000, 2_690_000, SPLITS_CREATE));
        BigInteger caseId = challenge(id, honest);
        String answer = answer(caseId, honest, honest.words());
        rows.add(ChainRow.of("answer-" + n, gas(soups, answer), n > 1000 ? 1_440_000 : 1_400_000));
        house.advance(ChainHouse.RESPONSE + 1);
        gas(soups, soups.settle(caseId).encodeFunctionCall());
        house.advance(ChainHouse.WINDOW);
        rows.add(ChainRow.of("finalize" + suffix, finish(id, honest), 70_000, 2_690_000, SPLITS_CREATE));

        ChainSoup fraud = cook(n, Hash32.ZERO).fraudulent();
        propose(fraud);
        BigInteger lie = challenge(id(fraud), fraud);
        gas(soups, answer(lie, fraud, fraud.bentWords()));
        rows.add(ChainRow.of("rebut-" + n, gas(soups, rebut(lie, fraud)), 165_000));

        pay(id, NOBODY, ETHER);
        rows.add(ChainRow.of(
                "pay-native-repeat" + suffix, pay(id, NOBODY, ETHER), 34_000, 9_310_000, SPLITS_DISTRIBUTE));
        String token = house.token().getValue();
        pay(id, token, NOTHING);
        rows.add(ChainRow.of(
                "pay-erc20-repeat" + suffix, pay(id, token, NOTHING), 55_000, 9_310_000, SPLITS_DISTRIBUTE));
        rows.add(ChainRow.of("claim-erc20-" + n + "-first", claim(id, honest), 84_000, 70_000, DROP));
        pay(id, token, NOTHING);
        rows.add(ChainRow.of("claim-erc20-" + n + "-repeat", claim(id, honest), 67_000, 53_000, DROP));
    }

    private BigInteger challenge(byte[] id, ChainSoup soup) {
        DeltaSoups soups = house.soups();
        String data = soups.challenge(id, soup.header(), BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO, NOTHING)
                .encodeFunctionCall();
        house.send(soups.getContractAddress(), data, ETHER);
        return house.client().read("number of cases", soups.cases());
    }

    private String answer(BigInteger caseId, ChainSoup soup, List<BigInteger> words) {
        return house.soups()
                .answer(caseId, soup.header(), words, soup.signs().getValue(), List.of(), NO_BYTES, List.of())
                .encodeFunctionCall();
    }

    private String rebut(BigInteger caseId, ChainSoup fraud) {
        int liar = fraud.liar();
        ChainSoup.Member member = fraud.members().get(liar);
        return house.soups()
                .rebut(
                        caseId,
                        fraud.header(),
                        BigInteger.valueOf(liar),
                        fraud.bentWords().get(liar),
                        ChainSoup.proof(ChainSoup.wordLeaves(fraud.bentWords()), liar),
                        member.delta(),
                        ChainSoup.proof(fraud.memberLeaves(), liar),
                        member.roots(),
                        member.signs().getValue(),
                        NO_HASH,
                        List.of())
                .encodeFunctionCall();
    }

    // ---- ten soups in one claim, a soup in a soup

    private void batches() {
        BitDeltaRoyalties royalties = house.royalties();
        String token = house.token().getValue();
        List<ChainSoup> soups = new ArrayList<>();
        List<byte[]> ids = new ArrayList<>();
        List<BigInteger> places = new ArrayList<>();
        List<byte[]> proofs = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ChainSoup soup = cook(largest, Hash32.ZERO);
            soups.add(soup);
            ids.add(id(soup));
            propose(soup);
            List<byte[]> proof = ChainSoup.proof(soup.weightLeaves(), CLAIMANT);
            places.addAll(List.of(
                    BigInteger.valueOf(CLAIMANT),
                    BigInteger.valueOf(ChainSoup.start(largest, CLAIMANT)),
                    BigInteger.valueOf(ChainSoup.start(largest, CLAIMANT + 1)),
                    BigInteger.valueOf(proof.size())));
            proofs.addAll(proof);
        }
        ChainSoup child = cook(largest, Hash32.of(ids.getFirst()));
        byte[] childId = id(child);
        propose(child);
        house.advance(ChainHouse.WINDOW);
        for (int i = 0; i < 10; i++) {
            finish(ids.get(i), soups.get(i));
        }
        finish(childId, child);
        String claim = royalties
                .claimMany(token, house.account().getAddress(), ids, places, proofs)
                .encodeFunctionCall();
        ids.forEach(id -> pay(id, token, NOTHING));
        rows.add(ChainRow.of("claimMany-10-each-first", gas(royalties, claim) / 10, 46_000, 70_000, DROP));
        ids.forEach(id -> pay(id, token, NOTHING));
        rows.add(ChainRow.of("claimMany-10-each-repeat", gas(royalties, claim) / 10, 29_000, 53_000, DROP));
        String pull = royalties
                .pull(
                        childId,
                        token,
                        BigInteger.valueOf(5),
                        ids.getFirst(),
                        BigInteger.valueOf(ChainSoup.start(largest, 5)),
                        BigInteger.valueOf(ChainSoup.start(largest, 6)),
                        ChainSoup.proof(child.weightLeaves(), 5))
                .encodeFunctionCall();
        pay(childId, token, NOTHING);
        rows.add(ChainRow.of("pull-first", gas(royalties, pull), 70_000));
        pay(childId, token, NOTHING);
        rows.add(ChainRow.of("pull-repeat", gas(royalties, pull), 53_000));
    }

    // ---- vouchers

    private void vouchers() {
        BitDeltaRoyalties royalties = house.royalties();
        String token = house.token().getValue();
        List<ChainSoup> soups = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            soups.add(cook(10, Hash32.ZERO));
            propose(soups.getLast());
        }
        house.advance(ChainHouse.WINDOW);
        List<byte[]> ids = soups.stream().map(this::id).toList();
        for (int i = 0; i < 20; i++) {
            finish(ids.get(i), soups.get(i));
        }
        gas(
                royalties,
                royalties
                        .deposit(token, ETHER.multiply(BigInteger.valueOf(100)), NOTHING)
                        .encodeFunctionCall());
        byte[] domain = house.client().read("royalties domain", royalties.domainSeparator());
        BigInteger expiry = BigInteger.valueOf(house.now() + 86_400);
        rows.add(ChainRow.of("settle-20-each-first", settle(ids, ETHER, expiry, domain) / 20, 59_000));
        rows.add(ChainRow.of("settle-20-each-repeat", settle(ids, ETHER.shiftLeft(1), expiry, domain) / 20, 24_000));
    }

    private double settle(List<byte[]> ids, BigInteger cumulative, BigInteger expiry, byte[] domain) {
        Hash32 type =
                ChainSoup.hash("Voucher(bytes32 soupId,address token,address payer,uint128 cumulative,uint64 expiry)");
        String token = house.token().getValue();
        String payer = house.account().getAddress();
        List<BitDeltaRoyalties.Voucher> vouchers = new ArrayList<>();
        ByteArrayOutputStream signatures = new ByteArrayOutputStream();
        for (byte[] id : ids) {
            vouchers.add(new BitDeltaRoyalties.Voucher(id, token, payer, cumulative, expiry));
            Hash32 struct = new AbiWords()
                    .bytes32(type)
                    .bytes32(Hash32.of(id))
                    .address(Numeric.hexStringToByteArray(token))
                    .address(Numeric.hexStringToByteArray(payer))
                    .uint(cumulative)
                    .uint(expiry)
                    .hash();
            signatures.writeBytes(sign(house.account(), domain, struct));
        }
        BitDeltaRoyalties royalties = house.royalties();
        return gas(
                royalties, royalties.settle(vouchers, signatures.toByteArray()).encodeFunctionCall());
    }

    // ---- small things

    private ChainSoup cook(int n, Hash32 parent) {
        return ChainSoup.cook(new ChainSoup.Recipe(n, identity, CLAIMANT, parent, ++salt, house.now()));
    }

    private byte[] id(ChainSoup soup) {
        return house.client()
                .read("soup id", house.soups().soupIdOf(house.account().getAddress(), soup.header()));
    }

    private double propose(ChainSoup soup) {
        DeltaSoups soups = house.soups();
        String data = soups.propose(soup.header(), NO_BYTES, NOTHING).encodeFunctionCall();
        return house.gas(soups.getContractAddress(), data, ChainHouse.BOND);
    }

    private double finish(byte[] id, ChainSoup soup) {
        return gas(house.soups(), house.soups().finalize(id, soup.header()).encodeFunctionCall());
    }

    private double pay(byte[] id, String token, BigInteger value) {
        BitDeltaRoyalties royalties = house.royalties();
        String data = royalties.pay(id, token, ETHER, NOTHING).encodeFunctionCall();
        return house.gas(royalties.getContractAddress(), data, value);
    }

    private double claim(byte[] id, ChainSoup soup) {
        int n = soup.members().size();
        String data = house.royalties()
                .claim(
                        id,
                        house.token().getValue(),
                        BigInteger.valueOf(CLAIMANT),
                        house.account().getAddress(),
                        BigInteger.valueOf(ChainSoup.start(n, CLAIMANT)),
                        BigInteger.valueOf(ChainSoup.start(n, CLAIMANT + 1)),
                        ChainSoup.proof(soup.weightLeaves(), CLAIMANT))
                .encodeFunctionCall();
        return gas(house.royalties(), data);
    }

    private double gas(Contract contract, String data) {
        return house.gas(contract.getContractAddress(), data, NOTHING);
    }

    private static byte[] sign(Credentials key, byte[] domain, Hash32 struct) {
        byte[] digest =
                Keccak256.hash(new byte[] {0x19, 0x01}, domain, struct.bytes()).bytes();
        Sign.SignatureData signature = Sign.signMessage(digest, key.getEcKeyPair(), false);
        byte[] all = new byte[65];
        System.arraycopy(signature.getR(), 0, all, 0, 32);
        System.arraycopy(signature.getS(), 0, all, 32, 32);
        all[64] = signature.getV()[0];
        return all;
    }
}
