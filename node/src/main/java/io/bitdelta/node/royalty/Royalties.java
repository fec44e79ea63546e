package io.bitdelta.node.royalty;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.publish.OwnerSigner;
import io.bitdelta.node.royalty.ledger.IdentityLedger;
import io.bitdelta.node.royalty.ledger.MoneyEvents;
import io.bitdelta.node.royalty.ledger.RoyaltyBook;
import io.bitdelta.node.royalty.statement.Statements;
import io.bitdelta.node.soup.SoupWeights;
import io.bitdelta.node.store.Database;
import java.time.Clock;

/** All that a node does about royalties; each part is one story. */
public final class Royalties {
    /** The token that stands for the chain's native currency. */
    public static final EvmAddress NATIVE = EvmAddress.of(RoyaltiesContract.NATIVE);

    private final RoyaltiesContract contract;
    private final SoupWeights weights;
    private final Tokens tokens;
    private final RoyaltyBook book;
    private final Statements statements;
    private final Payments payments;
    private final Claims claims;
    private final UsageMeter usage;
    private final Vouchers vouchers;
    private final Settlements settlements;
    private final OwnerSigner account;

    /**
     * @param contract that holds the money
     * @param weights who is paid
     * @param events what happened
     * @param outbox sends from {@code account}
     * @param account the node's own, which pays and signs vouchers
     */
    public Royalties(
            Database database,
            ChainClient chain,
            RoyaltiesContract contract,
            SoupWeights weights,
            MoneyEvents events,
            Outbox outbox,
            OwnerSigner account,
            Clock clock) {
        this.contract = contract;
        this.weights = weights;
        this.account = account;
        this.tokens = new Tokens(database, chain);
        this.book = new RoyaltyBook(events, weights);
        this.statements = new Statements(new IdentityLedger(events, weights), tokens::at);
        this.payments = new Payments(chain, contract, tokens, outbox);
        this.claims = new Claims(chain, contract, book, weights, outbox);
        this.usage = new UsageMeter(database, clock);
        this.vouchers = new Vouchers(database, contract, usage);
        this.settlements = new Settlements(chain, contract, vouchers, outbox);
    }

    /** The contract on the chain. */
    public RoyaltiesContract contract() {
        return contract;
    }

    /** Who is paid by which soup. */
    public SoupWeights weights() {
        return weights;
    }

    /** How amounts are shown. */
    public Tokens tokens() {
        return tokens;
    }

    /** Balances and pots. */
    public RoyaltyBook book() {
        return book;
    }

    /** Earnings and claims of a period. */
    public Statements statements() {
        return statements;
    }

    /** Paying soups, and the node's escrow. */
    public Payments payments() {
        return payments;
    }

    /** Claiming. */
    public Claims claims() {
        return claims;
    }

    /** Metered use. */
    public UsageMeter usage() {
        return usage;
    }

    /** Signed promises to pay. */
    public Vouchers vouchers() {
        return vouchers;
    }

    /** Turning vouchers into money. */
    public Settlements settlements() {
        return settlements;
    }

    /** The node's own account, which pays and signs vouchers. */
    public OwnerSigner account() {
        return account;
    }

    /** The node's own channel to a soup. */
    public Channel ownChannel(Bytes32 soupId, EvmAddress token) {
        return new Channel(soupId, token, EvmAddress.of(account.address()));
    }
}
