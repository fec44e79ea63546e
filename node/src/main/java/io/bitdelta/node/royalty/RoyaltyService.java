package io.bitdelta.node.royalty;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.chain.TxRequest;
import io.bitdelta.node.soup.Payee;
import io.bitdelta.node.soup.SoupPlans;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Pays soups and claims for their contributors. Claims are permissionless and pay the identity's controller. */
public final class RoyaltyService {
    private final RoyaltiesContract contract;
    private final SoupPlans soups;
    private final Outbox outbox;

    /**
     * @param soups who is paid by the soups proposed here
     * @param outbox sends from the account that pays
     */
    public RoyaltyService(RoyaltiesContract contract, SoupPlans soups, Outbox outbox) {
        this.contract = contract;
        this.soups = soups;
        this.outbox = outbox;
    }

    /**
     * What one leaf of a soup's weights has earned, in wei.
     *
     * @param soupId the soup
     * @param payee who, and which share
     * @param due could be claimed now
     * @param claimed was claimed
     */
    public record Balance(Bytes32 soupId, Payee payee, BigInteger due, BigInteger claimed) {}

    /**
     * Pays a final soup in the chain's native currency. O(1) at any number of contributors.
     *
     * @param intent idempotency key: one intent is paid once
     * @param amountWei what to pay
     * @throws io.bitdelta.node.chain.RevertedException when the soup is not final
     */
    public OutboxEntry pay(String intent, Bytes32 soupId, BigInteger amountWei) {
        return outbox.execute(new TxRequest(
                "pay " + intent,
                contract.address(),
                contract.pay(soupId, RoyaltiesContract.NATIVE, amountWei),
                amountWei));
    }

    /** What an identity has earned in the soups that this node proposed, soup by soup. */
    public List<Balance> balances(EvmAddress identity) {
        List<Balance> balances = new ArrayList<>();
        for (Bytes32 soupId : soups.soupsPaying(identity)) {
            for (Payee payee : soups.payees(soupId)) {
                if (payee.identity().equals(identity.hex())) {
                    balances.add(balance(soupId, payee));
                }
            }
        }
        return balances;
    }

    private Balance balance(Bytes32 soupId, Payee payee) {
        return new Balance(
                soupId,
                payee,
                contract.due(soupId, RoyaltiesContract.NATIVE, payee),
                contract.claimed(soupId, RoyaltiesContract.NATIVE, payee.index()));
    }

    /**
     * Claims what a balance is due, for the identity's controller. Repeating it after a crash does not claim twice: the
     * intent names how much had been claimed before.
     */
    public OutboxEntry claim(Balance balance) {
        String intent = "claim %s leaf %d after %s"
                .formatted(balance.soupId(), balance.payee().index(), balance.claimed());
        return outbox.execute(TxRequest.call(
                intent,
                contract.address(),
                contract.claim(balance.soupId(), RoyaltiesContract.NATIVE, balance.payee())));
    }

    /** What a soup took in and gave out, in wei. */
    public RoyaltiesContract.Pot pot(Bytes32 soupId) {
        return contract.pot(soupId, RoyaltiesContract.NATIVE);
    }
}
