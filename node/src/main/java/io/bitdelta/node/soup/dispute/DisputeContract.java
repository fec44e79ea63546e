package io.bitdelta.node.soup.dispute;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.contracts.DeltaSoups;
import io.bitdelta.engine.commit.ChunkProof;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.soup.SoupHeader;
import io.bitdelta.engine.soup.WeightTree;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.soup.SoupHeaders;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.web3j.abi.EventEncoder;
import org.web3j.protocol.core.methods.response.Log;
import org.web3j.tx.gas.DefaultGasProvider;

/** The challenge game's part of the soups contract: views, events, and calldata for the outbox. */
public final class DisputeContract {
    private static final byte[] NOTHING = new byte[0];

    private final ChainClient chain;
    private final DeltaSoups soups;

    /** @param address the contract's */
    public DisputeContract(ChainClient chain, String address) {
        this.chain = chain;
        this.soups = DeltaSoups.load(address, chain.web3(), chain.readOnly(), new DefaultGasProvider());
    }

    /** The contract's address. */
    public String address() {
        return soups.getContractAddress();
    }

    /** Time of the newest block, in seconds: the clock of all deadlines. */
    public long chainTime() {
        return chain.head().timestamp();
    }

    /** Wei that a demand costs now. */
    public BigInteger demandBond(DisputeCase.Kind kind, long members) {
        return chain.read(
                "bond of a demand", soups.demandBond(BigInteger.valueOf(kind.code()), BigInteger.valueOf(members)));
    }

    /** Wei that an account can withdraw. */
    public BigInteger credit(EvmAddress account) {
        return chain.read("credit of " + account, soups.credit(account.hex()));
    }

    /** A case as it stands now. */
    public DisputeCase read(BigInteger caseId) {
        DeltaSoups.Case found = chain.read("case " + caseId, soups.caseOf(caseId));
        return new DisputeCase(
                caseId,
                Bytes32.of(found.soupId),
                EvmAddress.of(found.challenger),
                found.deadline.longValueExact(),
                DisputeCase.Kind.of(found.kind),
                DisputeCase.Status.of(found.status),
                found.index.longValueExact(),
                found.position.intValueExact(),
                found.tree.intValueExact(),
                found.parent);
    }

    /**
     * All cases of a soup as they stand now, oldest first.
     *
     * @param fromBlock where the soup was proposed, or later
     */
    public List<DisputeCase> cases(Bytes32 soupId, long fromBlock) {
        return casesOf(soupId, fromBlock).stream().map(this::read).toList();
    }

    /** Numbers of all cases of a soup, oldest first. */
    private List<BigInteger> casesOf(Bytes32 soupId, long fromBlock) {
        return events(fromBlock, EventEncoder.encode(DeltaSoups.DEMANDED_EVENT), soupId.hex()).stream()
                .map(event -> DeltaSoups.getDemandedEventFromLog(event).caseId)
                .toList();
    }

    /** The transaction that answered a case. */
    Optional<ChainClient.Sent> answerOf(DisputeCase vote, long fromBlock) {
        String caseTopic = HexText.of(Bytes32.of(leftPad(vote.id())).bytes());
        return events(
                        fromBlock,
                        EventEncoder.encode(DeltaSoups.ANSWERED_EVENT),
                        vote.soupId().hex(),
                        caseTopic)
                .stream()
                .findFirst()
                .flatMap(event -> chain.transaction(event.getTransactionHash()));
    }

    private static byte[] leftPad(BigInteger value) {
        byte[] word = new byte[Bytes32.LENGTH];
        byte[] bytes = value.toByteArray();
        int count = Math.min(bytes.length, word.length);
        System.arraycopy(bytes, bytes.length - count, word, word.length - count, count);
        return word;
    }

    private List<Log> events(long fromBlock, String... topics) {
        return chain.logs(fromBlock, chain.head().number(), List.of(address()), List.of(topics));
    }

    String challenge(Bytes32 soupId, SoupHeader header, Place place) {
        return soups.challenge(
                        soupId.bytes(),
                        SoupHeaders.struct(header),
                        BigInteger.valueOf(place.tree().code()),
                        BigInteger.valueOf(place.chunk()),
                        BigInteger.valueOf(place.word()),
                        BigInteger.ZERO)
                .encodeFunctionCall();
    }

    String demandWord(BigInteger voteCase, SoupHeader header, int member) {
        return soups.demandWord(voteCase, SoupHeaders.struct(header), BigInteger.valueOf(member), BigInteger.ZERO)
                .encodeFunctionCall();
    }

    /**
     * Calldata of {@code answer}; the chain recounts the words.
     *
     * @param words of all members, in the order of the members tree
     * @param abstain the abstentions' chunk, under the certified rule and for signs
     */
    public String answer(
            BigInteger caseId,
            SoupHeader header,
            List<BigInteger> words,
            ChunkProof result,
            Optional<ChunkProof> abstain) {
        return soups.answer(
                        caseId,
                        SoupHeaders.struct(header),
                        words,
                        bytes(result),
                        hashes(result.siblings()),
                        abstain.map(DisputeContract::bytes).orElse(NOTHING),
                        abstain.map(proof -> hashes(proof.siblings())).orElse(List.of()))
                .encodeFunctionCall();
    }

    /** @param word what the answer claims for the member, with its proof under the answer's words */
    String rebut(
            BigInteger caseId,
            SoupHeader header,
            Ballot member,
            List<Hash32> memberProof,
            BigInteger word,
            List<Hash32> wordProof,
            ChunkProof chunk) {
        return soups.rebut(
                        caseId,
                        SoupHeaders.struct(header),
                        BigInteger.valueOf(member.index()),
                        word,
                        hashes(wordProof),
                        member.struct(),
                        hashes(memberProof),
                        member.roots(),
                        bytes(chunk),
                        chunk.leafSalt().bytes(),
                        hashes(chunk.siblings()))
                .encodeFunctionCall();
    }

    String showWord(
            BigInteger caseId,
            SoupHeader header,
            Ballot member,
            List<Hash32> memberProof,
            BigInteger word,
            List<Hash32> wordProof,
            ChunkProof chunk) {
        return soups.showWord(
                        caseId,
                        SoupHeaders.struct(header),
                        word,
                        hashes(wordProof),
                        member.struct(),
                        hashes(memberProof),
                        member.roots(),
                        bytes(chunk),
                        chunk.leafSalt().bytes(),
                        hashes(chunk.siblings()))
                .encodeFunctionCall();
    }

    String showMember(
            BigInteger caseId, SoupHeader header, Ballot member, List<Hash32> memberProof, List<Hash32> weightProof) {
        return soups.showMember(
                        caseId,
                        SoupHeaders.struct(header),
                        member.struct(),
                        hashes(memberProof),
                        member.roots(),
                        BigInteger.valueOf(member.entry().deadline()),
                        member.entry().consent().bytes(),
                        hashes(weightProof))
                .encodeFunctionCall();
    }

    String showWeight(
            BigInteger caseId,
            SoupHeader header,
            DeltaSoups.Weight left,
            List<Hash32> leftProof,
            DeltaSoups.Weight right,
            List<Hash32> rightProof) {
        return soups.showWeight(caseId, SoupHeaders.struct(header), left, hashes(leftProof), right, hashes(rightProof))
                .encodeFunctionCall();
    }

    String slashUnqualified(SoupPapers papers, int member) {
        return soups.slashUnqualified(
                        papers.soupId().bytes(),
                        SoupHeaders.struct(papers.header()),
                        BigInteger.valueOf(member),
                        papers.members().get(member).deltaId().bytes(),
                        hashes(papers.memberProof(member)))
                .encodeFunctionCall();
    }

    String slashTerms(SoupPapers papers, Ballot member) {
        return soups.slashTerms(
                        papers.soupId().bytes(),
                        SoupHeaders.struct(papers.header()),
                        BigInteger.valueOf(member.index()),
                        member.struct(),
                        hashes(papers.memberProof(member.index())),
                        member.roots())
                .encodeFunctionCall();
    }

    /** @param member the left one of two neighbours */
    String slashOrder(SoupPapers papers, int member) {
        return soups.slashOrder(
                        papers.soupId().bytes(),
                        SoupHeaders.struct(papers.header()),
                        BigInteger.valueOf(member),
                        papers.members().get(member).deltaId().bytes(),
                        hashes(papers.memberProof(member)),
                        papers.members().get(member + 1).deltaId().bytes(),
                        hashes(papers.memberProof(member + 1)))
                .encodeFunctionCall();
    }

    /** @param index the left one of two neighbours, or the last */
    String slashWeights(SoupPapers papers, int index) {
        boolean last = index + 1 == papers.shares().size();
        int right = last ? index : index + 1;
        return soups.slashWeights(
                        papers.soupId().bytes(),
                        SoupHeaders.struct(papers.header()),
                        BigInteger.valueOf(index),
                        weight(papers.shares().get(index)),
                        hashes(papers.weightProof(index)),
                        weight(papers.shares().get(right)),
                        last ? List.of() : hashes(papers.weightProof(right)))
                .encodeFunctionCall();
    }

    String slashUniform(SoupPapers papers, int index) {
        return soups.slashUniform(
                        papers.soupId().bytes(),
                        SoupHeaders.struct(papers.header()),
                        BigInteger.valueOf(index),
                        weight(papers.shares().get(index)),
                        hashes(papers.weightProof(index)),
                        papers.members().get(index).deltaId().bytes(),
                        hashes(papers.memberProof(index)))
                .encodeFunctionCall();
    }

    /** A weight as the contract's bindings have it. */
    static DeltaSoups.Weight weight(WeightTree.Share share) {
        return new DeltaSoups.Weight(
                BigInteger.valueOf(share.kind().code()),
                share.who().bytes(),
                BigInteger.valueOf(share.start()),
                BigInteger.valueOf(share.end()));
    }

    /** Root of the words that answered a vote. */
    Hash32 wordsRoot(BigInteger voteCase) {
        return Hash32.of(chain.read("case " + voteCase, soups.caseOf(voteCase)).subject);
    }

    String show(BigInteger caseId, List<Hash32> descendants) {
        return soups.show(caseId, hashes(descendants)).encodeFunctionCall();
    }

    String timeout(BigInteger caseId, SoupHeader header) {
        return soups.timeout(caseId, SoupHeaders.struct(header)).encodeFunctionCall();
    }

    String settle(BigInteger caseId) {
        return soups.settle(caseId).encodeFunctionCall();
    }

    String withdraw(EvmAddress account) {
        return soups.withdraw(account.hex()).encodeFunctionCall();
    }

    private static List<byte[]> hashes(List<Hash32> hashes) {
        return hashes.stream().map(Hash32::bytes).toList();
    }

    private static byte[] bytes(ChunkProof proof) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(proof.chunk().size() * Hash32.SIZE);
        proof.chunk().forEach(word -> bytes.writeBytes(word.bytes()));
        return bytes.toByteArray();
    }
}
