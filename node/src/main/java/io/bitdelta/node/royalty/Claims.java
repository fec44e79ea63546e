package io.bitdelta.node.royalty;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.Keccak256;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.chain.RevertedException;
import io.bitdelta.node.chain.TxRequest;
import io.bitdelta.node.royalty.ledger.RoyaltyBook;
import io.bitdelta.node.royalty.ledger.ShareBalance;
import io.bitdelta.node.royalty.ledger.TokenBalance;
import io.bitdelta.node.soup.SoupWeights;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Claims all that an identity is due, with proofs built from the soups' weights. Claims pay the identity's controller
 * whoever sends them, so a node may send them for anybody.
 *
 * <p>Each transaction's purpose names what had been drawn before it, so repeating a claim after a crash sends nothing
 * twice. A share that the contract refuses is left out; the others are claimed.
 */
public final class Claims {
    /** Of the 16.7 million that a transaction may use; the rest is room for prices to change. */
    private static final long GAS_BUDGET = 12_000_000;

    /** A first claim writes two storage words and an event. */
    private static final long GAS_OF_SHARE = 60_000;

    /** A hash of a proof: hashing and the floor price of its calldata. */
    private static final long GAS_OF_HASH = 1_500;

    /** What a transaction costs beside its shares, a pull as a whole. */
    private static final long GAS_OF_TRANSACTION = 120_000;

    private final RoyaltiesContract contract;
    private final RoyaltyBook book;
    private final SoupWeights weights;
    private final Outbox outbox;
    private final RoyaltyReceipts receipts;

    /** @param outbox sends from the account that pays for gas */
    public Claims(ChainClient chain, RoyaltiesContract contract, RoyaltyBook book, SoupWeights weights, Outbox outbox) {
        this.receipts = new RoyaltyReceipts(chain, contract.address());
        this.contract = contract;
        this.book = book;
        this.weights = weights;
        this.outbox = outbox;
    }

    /**
     * A share that is due.
     *
     * @param share with its proof
     * @param drawn before
     * @param amount expected now, after the plan's pulls
     */
    public record Due(ProvenShare share, BigInteger drawn, BigInteger amount) {}

    /**
     * One transaction: an identity's shares of some soups in one token.
     *
     * @param token in what
     * @param dues at least one
     */
    public record Batch(EvmAddress token, List<Due> dues) {
        /** Copies the list. */
        public Batch {
            dues = List.copyOf(dues);
        }

        /** Expected payout. */
        public BigInteger amount() {
            return dues.stream().map(Due::amount).reduce(BigInteger.ZERO, BigInteger::add);
        }
    }

    /**
     * All that an identity can claim.
     *
     * @param pulls sent first, children before parents
     * @param batches one transaction each
     */
    public record Plan(EvmAddress identity, List<RoyaltyBook.Pull> pulls, List<Batch> batches) {
        /** Copies the lists. */
        public Plan {
            pulls = List.copyOf(pulls);
            batches = List.copyOf(batches);
        }

        /** Most gas that all of it uses. */
        public long gas() {
            long gas = pulls.size() * GAS_OF_TRANSACTION;
            for (Batch batch : batches) {
                gas += GAS_OF_TRANSACTION;
                for (Due due : batch.dues()) {
                    gas += cost(due.share());
                }
            }
            return gas;
        }

        /** The same with no more than so many transactions; what is left out can be claimed later. */
        public Plan first(int most) {
            List<RoyaltyBook.Pull> some = pulls.subList(0, Math.min(most, pulls.size()));
            return new Plan(identity, some, batches.subList(0, Math.min(most - some.size(), batches.size())));
        }

        /** Whether there is nothing to claim. */
        public boolean isEmpty() {
            return batches.isEmpty();
        }

        /** How many transactions it takes. */
        public int transactions() {
            return pulls.size() + batches.size();
        }
    }

    /**
     * A share that the contract would not pay.
     *
     * @param reason in the contract's words
     */
    public record Refused(ProvenShare share, String reason) {}

    /**
     * A batch that was claimed.
     *
     * @param batch what was in it
     * @param amount that was paid out, in the token's smallest unit
     * @param transaction that paid it
     */
    public record Sent(Batch batch, BigInteger amount, OutboxEntry transaction) {}

    /**
     * What became of a plan.
     *
     * @param pulled transactions that moved child soups' shares
     * @param sent claims
     * @param refused shares that were left out
     */
    public record Outcome(List<OutboxEntry> pulled, List<Sent> sent, List<Refused> refused) {}

    /**
     * What to send to claim everything.
     *
     * @param token only this one; empty for all
     */
    public Plan plan(EvmAddress identity, Optional<EvmAddress> token) {
        List<RoyaltyBook.Pull> pulls = book.pulls(identity).stream()
                .filter(pull -> token.isEmpty() || token.get().equals(pull.token()))
                .toList();
        List<Batch> batches = new ArrayList<>();
        for (TokenBalance balance : book.balances(identity)) {
            if (token.isEmpty() || token.get().equals(balance.token())) {
                batches.addAll(batches(balance));
            }
        }
        return new Plan(identity, pulls, batches);
    }

    private List<Batch> batches(TokenBalance balance) {
        List<Batch> batches = new ArrayList<>();
        List<Due> open = new ArrayList<>();
        long gas = 0;
        for (ShareBalance share : balance.shares()) {
            BigInteger amount = share.claimable().add(share.pullable());
            if (amount.signum() > 0) {
                ProvenShare proven = ProvenShare.of(share.soupId(), weights.of(share.soupId()), share.leaf());
                long cost = cost(proven);
                if (gas + cost > GAS_BUDGET) {
                    batches.add(new Batch(balance.token(), open));
                    open = new ArrayList<>();
                    gas = 0;
                }
                open.add(new Due(proven, share.claimed(), amount));
                gas += cost;
            }
        }
        if (!open.isEmpty()) {
            batches.add(new Batch(balance.token(), open));
        }
        return batches;
    }

    private static long cost(ProvenShare share) {
        return GAS_OF_SHARE + GAS_OF_HASH * share.proof().size();
    }

    /** The plan as calls for a wallet. Anybody's will do: the money goes to the identity's controller. */
    public List<UnsignedCall> prepare(Plan plan) {
        List<UnsignedCall> calls = new ArrayList<>();
        for (RoyaltyBook.Pull pull : plan.pulls()) {
            calls.add(UnsignedCall.of(
                    "pull %s from %s".formatted(pull.parent(), pull.child()), contract.address(), calldata(pull)));
        }
        for (Batch batch : plan.batches()) {
            calls.add(UnsignedCall.of(
                    "claim from %d soups".formatted(batch.dues().size()),
                    contract.address(),
                    calldata(plan.identity(), batch)));
        }
        return calls;
    }

    /**
     * Sends the plan from the node's account and waits until it is final.
     *
     * @throws RevertedException when the identity is deactivated: its shares stay
     */
    public Outcome claim(Plan plan) {
        List<OutboxEntry> pulled = new ArrayList<>();
        for (RoyaltyBook.Pull pull : plan.pulls()) {
            String purpose =
                    "pull %s leaf %d in %s after %s".formatted(pull.child(), pull.leaf(), pull.token(), pull.drawn());
            pulled.add(outbox.execute(TxRequest.call(purpose, contract.address(), calldata(pull))));
        }
        List<Sent> sent = new ArrayList<>();
        List<Refused> refused = new ArrayList<>();
        plan.batches().forEach(batch -> claim(plan.identity(), batch, sent, refused));
        return new Outcome(pulled, sent, refused);
    }

    /** Halves a batch that is refused until the share that spoils it stands alone. */
    private void claim(EvmAddress identity, Batch batch, List<Sent> sent, List<Refused> refused) {
        try {
            OutboxEntry entry = outbox.execute(
                    TxRequest.call(purpose(identity, batch), contract.address(), calldata(identity, batch)));
            sent.add(new Sent(batch, receipts.claimed(entry), entry));
        } catch (RevertedException reverted) {
            if (reverted.error().equals("IdentityDeactivated")) {
                throw reverted;
            }
            List<Due> dues = batch.dues();
            if (dues.size() == 1) {
                refused.add(new Refused(dues.getFirst().share(), String.valueOf(reverted.getMessage())));
                return;
            }
            int half = dues.size() / 2;
            claim(identity, new Batch(batch.token(), dues.subList(0, half)), sent, refused);
            claim(identity, new Batch(batch.token(), dues.subList(half, dues.size())), sent, refused);
        }
    }

    private static String purpose(EvmAddress identity, Batch batch) {
        String shares = batch.dues().stream()
                .map(due -> "%s leaf %d after %s"
                        .formatted(due.share().soupId(), due.share().leaf(), due.drawn()))
                .collect(Collectors.joining("; "));
        return "claim for %s in %s: %s".formatted(identity, batch.token(), Keccak256.ofText(shares));
    }

    private String calldata(EvmAddress identity, Batch batch) {
        return contract.claimMany(
                batch.token().hex(),
                identity,
                batch.dues().stream().map(Due::share).toList());
    }

    private String calldata(RoyaltyBook.Pull pull) {
        ProvenShare child = ProvenShare.of(pull.child(), weights.of(pull.child()), pull.leaf());
        return contract.pull(pull.token().hex(), child, pull.parent());
    }
}
