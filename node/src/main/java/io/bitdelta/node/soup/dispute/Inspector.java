package io.bitdelta.node.soup.dispute;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.engine.soup.SoupHeader;
import io.bitdelta.engine.soup.WeightTree;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.RevertedException;
import io.bitdelta.node.config.TemporaryFolder;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Looks for what needs no recount: members out of order or not qualified, weights that do not tile the whole or are not
 * equal shares, members of another base or layout or over the cap. The contract has the last word: whatever is found was
 * tried on it, without sending anything.
 */
public final class Inspector {
    private static final int UNIFORM = 1;

    private final DossierReader reader;
    private final DisputeContract contract;
    private final ChainClient chain;
    private final String caller;
    private final Path work;

    /**
     * @param caller the account that would slash
     * @param work files are fetched into folders of this one
     */
    public Inspector(DossierReader reader, DisputeContract contract, ChainClient chain, String caller, Path work) {
        this.reader = reader;
        this.contract = contract;
        this.chain = chain;
        this.caller = caller;
        this.work = work;
    }

    /**
     * The first offence of a soup, cheapest looks first; empty when there is none.
     *
     * @throws DossierException when the soup is unknown, or what must be published is withheld or not the chain's
     * @throws IOException when the content store or the work folder fails
     */
    public Optional<Offence> firstOffence(Bytes32 soupId) throws IOException {
        SoupPapers papers = reader.papers(soupId);
        Optional<Offence> found = order(papers).or(() -> weights(papers)).or(() -> qualification(papers));
        return found.isPresent() ? found : terms(papers);
    }

    private Optional<Offence> order(SoupPapers papers) {
        for (int i = 0; i + 1 < papers.members().size(); i++) {
            Bytes32 left = papers.members().get(i).deltaId();
            Bytes32 right = papers.members().get(i + 1).deltaId();
            if (left.compareTo(right) >= 0) {
                return upheld(
                        "members %d and %d are out of order or the same".formatted(i, i + 1),
                        contract.slashOrder(papers, i));
            }
        }
        return Optional.empty();
    }

    private Optional<Offence> weights(SoupPapers papers) {
        OptionalInt torn = firstTear(papers.shares());
        if (torn.isPresent()) {
            int index = torn.getAsInt();
            return upheld("weights do not tile the whole at leaf " + index, contract.slashWeights(papers, index));
        }
        if (papers.header().weightsRule() != UNIFORM) {
            return Optional.empty();
        }
        for (int i = 0; i < papers.shares().size(); i++) {
            Optional<Offence> unequal =
                    upheld("leaf %d is not member %d's equal share".formatted(i, i), contract.slashUniform(papers, i));
            if (unequal.isPresent()) {
                return unequal;
            }
        }
        return Optional.empty();
    }

    /** The first leaf that is empty, does not touch its right neighbour, or starts or ends the whole wrongly. */
    static OptionalInt firstTear(List<WeightTree.Share> shares) {
        for (int i = 0; i < shares.size(); i++) {
            WeightTree.Share share = shares.get(i);
            boolean last = i + 1 == shares.size();
            long end = last ? WeightTree.WHOLE : shares.get(i + 1).start();
            if (share.start() >= share.end() || (i == 0 && share.start() != 0) || share.end() != end) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    private Optional<Offence> qualification(SoupPapers papers) {
        for (int i = 0; i < papers.members().size(); i++) {
            Optional<Offence> unfit = upheld(
                    "member %d, delta %s, did not qualify as of the snapshot"
                            .formatted(i, papers.members().get(i).deltaId()),
                    contract.slashUnqualified(papers, i));
            if (unfit.isPresent()) {
                return unfit;
            }
        }
        return Optional.empty();
    }

    private Optional<Offence> terms(SoupPapers papers) throws IOException {
        SoupHeader header = papers.header();
        try (TemporaryFolder folder = TemporaryFolder.create(work, "terms-")) {
            for (int i = 0; i < papers.members().size(); i++) {
                Ballot member = reader.ballot(papers, i, folder.path());
                member.file().close();
                boolean fits = Bytes32.of(header.baseHash().bytes())
                                .equals(member.delta().baseHash())
                        && header.layoutHash().equals(member.layoutHash())
                        && member.delta().epsilonMilli() <= header.epsilonCapMilli();
                if (!fits) {
                    return upheld(
                            "member %d has another base or layout, or too large an epsilon".formatted(i),
                            contract.slashTerms(papers, member));
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Offence> upheld(String what, String calldata) {
        try {
            chain.preflight(caller, contract.address(), calldata, BigInteger.ZERO, "try to slash");
            return Optional.of(new Offence(what, calldata));
        } catch (RevertedException noFraud) {
            return Optional.empty();
        }
    }
}
