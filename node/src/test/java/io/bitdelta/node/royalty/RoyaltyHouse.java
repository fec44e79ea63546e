package io.bitdelta.node.royalty;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.json.ObjectBuilder;
import io.bitdelta.attestation.manifest.Manifest;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.contracts.DeltaSoups;
import io.bitdelta.contracts.DevelopmentToken;
import io.bitdelta.contracts.artifact.ContractArtifact;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.Keccak256;
import io.bitdelta.engine.soup.SoupHeader;
import io.bitdelta.engine.soup.WeightTree;
import io.bitdelta.ipfs.Visibility;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.chain.TxRequest;
import io.bitdelta.node.config.DatabaseConfig;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.OtherParty;
import io.bitdelta.node.soup.SoupHeaders;
import io.bitdelta.node.soup.WeightList;
import io.bitdelta.node.store.DatabaseKind;
import io.bitdelta.node.store.DatabaseSettings;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.crypto.ContractUtils;
import org.web3j.tx.gas.DefaultGasProvider;

/**
 * A real node on a real chain, a token, and soups with any weights: nobody challenges their empty votes, so the contract
 * takes any weights root, and the node must rebuild the weights from the manifest.
 */
public final class RoyaltyHouse implements AutoCloseable {
    private final LocalNode node;
    private final OtherParty payer;
    private final EvmAddress token;
    private int made;

    private RoyaltyHouse(LocalNode node) throws IOException {
        this.node = node;
        this.payer = node.otherParty("payer");
        this.token = deployToken();
    }

    public static RoyaltyHouse open(Path folder) throws IOException {
        return open(folder, DatabaseKind.SQLITE);
    }

    public static RoyaltyHouse open(Path folder, DatabaseKind kind) throws IOException {
        NodeConfig defaults = NodeConfig.defaults();
        NodeConfig config = kind.settings(folder.resolve("house")) instanceof DatabaseSettings.Postgresql server
                ? defaults.withDatabase(new DatabaseConfig(server.url(), server.user(), "", 6))
                : defaults;
        return new RoyaltyHouse(LocalNode.open(folder.resolve("node"), config, Optional.empty(), Clock.systemUTC()));
    }

    public LocalNode node() {
        return node;
    }

    public Royalties royalties() {
        return node.royalties();
    }

    /** An account that is not the node's, with native money and all tokens. */
    public OtherParty payer() {
        return payer;
    }

    public EvmAddress payerAddress() {
        return EvmAddress.of(payer.outbox().signer());
    }

    public Secp256k1Key payerKey() throws IOException {
        return node.developmentKeys().named("payer");
    }

    public EvmAddress token() {
        return token;
    }

    public ChainClient chain() {
        return node.chain();
    }

    /** What an account has of the token. */
    public BigInteger tokenBalance(EvmAddress account) {
        return royalties().tokens().erc20(token).balance(account);
    }

    private EvmAddress deployToken() {
        String data = ContractArtifact.load("DevelopmentToken").bytecode()
                + FunctionEncoder.encodeConstructor(List.of(new Uint256(BigInteger.TEN.pow(30))));
        OutboxEntry entry = payer.outbox().execute(new TxRequest("deploy token", null, data, BigInteger.ZERO));
        return EvmAddress.of(ContractUtils.generateContractAddress(entry.signer(), BigInteger.valueOf(entry.nonce())));
    }

    public DevelopmentToken bindings() {
        return DevelopmentToken.load(token.hex(), chain().web3(), chain().readOnly(), new DefaultGasProvider());
    }

    /** Sends as the payer. */
    public OutboxEntry send(UnsignedCall call) {
        return payer.outbox()
                .execute(new TxRequest(
                        "payer's " + made++ + " " + call.what(), call.to(), call.data(), call.valueWei()));
    }

    /** Sends all as the payer, in order. */
    public List<OutboxEntry> sendAll(List<UnsignedCall> calls) {
        List<OutboxEntry> sent = new ArrayList<>();
        calls.forEach(call -> sent.add(send(call)));
        return sent;
    }

    public void give(EvmAddress to, BigInteger tokens) {
        send(UnsignedCall.of(
                "gift", token.hex(), bindings().transfer(to.hex(), tokens).encodeFunctionCall()));
    }

    /** Makes a final soup with these weights; the node has not read it yet. */
    public Bytes32 soup(List<WeightTree.Share> shares) throws IOException {
        Proposal proposal = propose(shares);
        node.embeddedChain().orElseThrow().advanceClock(61);
        finish(proposal);
        return proposal.soupId();
    }

    /** A proposed soup that can be made final after the window. */
    public record Proposal(Bytes32 soupId, SoupHeader header) {}

    public Proposal propose(List<WeightTree.Share> shares) throws IOException {
        return propose(shares, shares);
    }

    /** A soup whose manifest tells of {@code published} weights, whatever the header commits to. */
    public Proposal propose(List<WeightTree.Share> shares, List<WeightTree.Share> published) throws IOException {
        WeightTree weights = new WeightTree(shares);
        int number = made++;
        Hash32 any = Keccak256.hash(("soup " + number).getBytes(StandardCharsets.UTF_8));
        Bytes32 word = Bytes32.of(any.bytes());
        Cid list = node.content().addRaw(new WeightList(published).bytes(), "weights " + number, Visibility.PUBLIC);
        Manifest manifest = Manifest.builder()
                .base("any", word)
                .compression("1bit", "row", 1)
                .delta(list.toString(), word, word, word, Bytes32.ZERO)
                .noPrivacyClaim()
                .section(
                        "soup",
                        new ObjectBuilder()
                                .put("byzantine", 0)
                                .put("members", shares.size())
                                .put("membersRoot", any.hex())
                                .put("rule", 1)
                                .put("weightsCid", list.toString())
                                .build())
                .user(new LuxDid(31337, payerAddress()))
                .versioning(Instant.EPOCH, Bytes32.ZERO)
                .build();
        node.content().addRaw(manifest.bytes(), "manifest " + number, Visibility.PUBLIC);
        SoupHeader header = new SoupHeader(
                any,
                any,
                any,
                any,
                Hash32.ZERO,
                any,
                weights.root(),
                Hash32.of(manifest.digest().bytes()),
                shares.size(),
                0,
                shares.size(),
                1,
                1,
                0,
                1,
                1,
                0,
                chain().head().timestamp());
        String soups = node.disputes().address();
        Bytes32 soupId = Bytes32.of(header.soupId(
                        31337, EvmAddress.of(soups).bytes(), payerAddress().bytes())
                .bytes());
        send(new UnsignedCall(
                "propose",
                soups,
                contract()
                        .propose(SoupHeaders.struct(header), new byte[0], BigInteger.ZERO)
                        .encodeFunctionCall(),
                node.soups().bond()));
        return new Proposal(soupId, header);
    }

    public void finish(Proposal proposal) {
        send(UnsignedCall.of(
                "finalize",
                node.disputes().address(),
                contract()
                        .finalize(proposal.soupId().bytes(), SoupHeaders.struct(proposal.header()))
                        .encodeFunctionCall()));
    }

    private DeltaSoups contract() {
        return DeltaSoups.load(node.disputes().address(), chain().web3(), chain().readOnly(), new DefaultGasProvider());
    }

    /** The payer pays, in the token or the native currency. */
    public void pay(Bytes32 soupId, EvmAddress in, long amount) {
        sendAll(royalties()
                .payments()
                .prepare(payerAddress(), soupId, in, BigInteger.valueOf(amount), Optional.empty()));
    }

    /** The payer puts money behind its vouchers. */
    public void deposit(EvmAddress in, long amount) {
        BigInteger units = BigInteger.valueOf(amount);
        String contract = royalties().contract().address();
        if (!in.equals(Royalties.NATIVE)) {
            send(UnsignedCall.of(
                    "approve", in.hex(), bindings().approve(contract, units).encodeFunctionCall()));
        }
        send(new UnsignedCall(
                "deposit",
                contract,
                royalties().contract().deposit(in.hex(), units),
                in.equals(Royalties.NATIVE) ? units : BigInteger.ZERO));
    }

    /** Weights of identities in proportion to some parts. */
    public static List<WeightTree.Share> shares(List<EvmAddress> identities, long... cuts) {
        List<WeightTree.Share> shares = new ArrayList<>();
        long at = 0;
        for (int i = 0; i < identities.size(); i++) {
            long end = i < cuts.length ? cuts[i] : WeightTree.WHOLE;
            shares.add(WeightTree.Share.identity(identities.get(i).bytes(), at, end));
            at = end;
        }
        return shares;
    }

    public static EvmAddress identity(int number) {
        byte[] address = new byte[EvmAddress.LENGTH];
        address[0] = 0x1d;
        address[18] = (byte) (number >> 8);
        address[19] = (byte) number;
        return EvmAddress.of(address);
    }

    @Override
    public void close() throws IOException {
        node.close();
    }
}
