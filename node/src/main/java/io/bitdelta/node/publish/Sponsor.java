package io.bitdelta.node.publish;

import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.jobs.JobKind.Outcome;
import io.bitdelta.node.relay.GasBudget;
import java.math.BigInteger;
import java.time.Duration;

/** Pays for publications, revocations and claims of others, out of the budget. */
public final class Sponsor {
    /** Most gas that one publication uses, with room over what is measured. */
    static final long PUBLISH_GAS = 160_000;

    /** Most gas that one revocation uses, with room over what is measured. */
    static final long REVOKE_GAS = 80_000;

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
    private static final BigInteger TIP = BigInteger.valueOf(1_000_000_000L);

    private final GasBudget budget;
    private final ChainClient chain;

    /** @param budget what may be spent */
    public Sponsor(GasBudget budget, ChainClient chain) {
        this.budget = budget;
        this.chain = chain;
    }

    /** Reserves what {@code gas} costs when the base fee doubles. */
    public GasBudget.Grant reserve(String subject, String principal, long gas) {
        BigInteger price = chain.head().baseFeeWei().shiftLeft(1).add(TIP);
        return budget.reserve(subject, principal, price.multiply(BigInteger.valueOf(gas)));
    }

    /** Replaces a reservation by what was really spent. */
    public void settle(String subject, BigInteger wei) {
        budget.settle(subject, wei);
    }

    /** How a job waits for money. */
    public static Outcome later(GasBudget.Grant refusal) {
        return new Outcome.Later(
                LOOK_AGAIN,
                switch (refusal) {
                    case GasBudget.Grant.Reserved reserved ->
                        throw new IllegalArgumentException("a reservation is no reason to wait");
                    case GasBudget.Grant.Spent spent ->
                        "gas-budget: the node's budget of the %s is spent".formatted(spent.window());
                    case GasBudget.Grant.QuotaUsed used ->
                        "gas-quota: %d sponsored transactions a day are used up".formatted(used.most());
                });
    }
}
