package io.bitdelta.node.lookup;

import static io.bitdelta.node.store.Schema.*;

import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.contracts.BitDeltaRegistry;
import io.bitdelta.contracts.BitDeltaRoyalties;
import io.bitdelta.contracts.DeltaSoups;
import io.bitdelta.contracts.IdentityRegistry;
import io.bitdelta.node.chain.BlockHead;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.ChainException;
import io.bitdelta.node.chain.Deployment;
import io.bitdelta.node.store.Database;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.web3j.abi.EventEncoder;
import org.web3j.protocol.core.methods.response.Log;

/**
 * Follows the contracts' events into the database.
 *
 * <p>Every block that was read within reach of a reorg is kept with its parent's hash. When the next block does not fit,
 * the index walks back to the last block that is still on the chain and deletes every row of later ones: an index after a
 * reorg equals an index from scratch, because rows are only ever added or deleted by block.
 */
public final class Indexer {
    private static final long RANGE = 2_000;
    private static final long REORG_REACH = 512;
    private static final List<Table<Record>> EVENT_TABLES =
            List.of(DELTA, REVOCATION, SOUP, SOUP_FINAL, PAYMENT, CLAIM, IDENTITY_EVENT);
    private static final Logger log = LoggerFactory.getLogger(Indexer.class);

    private final Database database;
    private final ChainClient chain;
    private final Deployment deployment;
    private final List<String> contracts;

    /** @param deployment whose contracts are followed */
    public Indexer(Database database, ChainClient chain, Deployment deployment) {
        this.database = database;
        this.chain = chain;
        this.deployment = deployment;
        this.contracts = List.of(
                deployment.address("IdentityRegistry"),
                deployment.address("BitDeltaRegistryProxy"),
                deployment.address("DeltaSoups"),
                deployment.address("BitDeltaRoyalties"));
        claimIndex();
    }

    /** One database indexes one registry on one chain; another one would mix two truths. */
    private void claimIndex() {
        String registry = deployment.address("BitDeltaRegistryProxy");
        database.transaction(sql -> {
            Optional<Record> known =
                    sql.select(CHAIN_CURSOR_COLUMNS).from(CHAIN_CURSOR).fetchOptional();
            if (known.isEmpty()) {
                return sql.insertInto(CHAIN_CURSOR)
                        .set(CHAIN_ID, deployment.chainId())
                        .set(REGISTRY, registry)
                        .execute();
            }
            if (!known.get().get(REGISTRY).equals(registry) || known.get().get(CHAIN_ID) != deployment.chainId()) {
                throw new ChainException(
                        "this database follows registry %s on chain %d, not %s on chain %d: use a fresh --data folder"
                                .formatted(
                                        known.get().get(REGISTRY),
                                        known.get().get(CHAIN_ID),
                                        registry,
                                        deployment.chainId()));
            }
            return 0;
        });
    }

    /**
     * Reads everything up to the newest block.
     *
     * @return the height up to which the index is now complete
     */
    public long catchUp() {
        while (true) {
            long done = undoReorg();
            BlockHead head = chain.head();
            if (head.number() <= done) {
                return done;
            }
            long from = done + 1;
            long to = Math.min(head.number(), from + RANGE - 1);
            if (!readRange(from, to, head)) {
                log.info("the chain changed while blocks {} to {} were read; reading them again", from, to);
            }
        }
    }

    /** The last block that the index and the chain agree on, after deleting what they do not. */
    private long undoReorg() {
        List<Record> kept = database.sql()
                .select(CHAIN_BLOCK_COLUMNS)
                .from(CHAIN_BLOCK)
                .orderBy(NUMBER.desc())
                .fetch();
        long first = deployment.firstBlock() - 1;
        for (Record row : kept) {
            boolean stands = chain.block(row.get(NUMBER))
                    .map(block -> block.hash().equals(row.get(HASH)))
                    .orElse(false);
            if (stands) {
                return forgetAfter(row.get(NUMBER));
            }
        }
        return forgetAfter(first);
    }

    private long forgetAfter(long number) {
        boolean later = database.sql().fetchExists(CHAIN_BLOCK, NUMBER.gt(number));
        if (later) {
            log.info("a reorg took back the blocks after {}", number);
            database.transaction(sql -> {
                EVENT_TABLES.forEach(table ->
                        sql.deleteFrom(table).where(BLOCK_NUMBER.gt(number)).execute());
                return sql.deleteFrom(CHAIN_BLOCK).where(NUMBER.gt(number)).execute();
            });
        }
        return number;
    }

    private boolean readRange(long from, long to, BlockHead head) {
        List<Log> logs = chain.logs(from, to, contracts, List.of());
        Optional<BlockHead> last = chain.block(to);
        if (last.isEmpty()) {
            return false;
        }
        // Near the head every block is kept, so that a reorg finds its common ancestor.
        long reach = Math.max(from, head.number() - REORG_REACH);
        List<BlockHead> recent = new java.util.ArrayList<>();
        for (long number = Math.min(reach, to); number <= to; number++) {
            Optional<BlockHead> block = chain.block(number);
            if (block.isEmpty()) {
                return false;
            }
            recent.add(block.get());
        }
        if (!linked(recent) || !fits(logs, recent)) {
            return false;
        }
        database.transaction(sql -> {
            logs.forEach(entry -> store(sql, entry));
            recent.forEach(block -> sql.insertInto(CHAIN_BLOCK)
                    .set(NUMBER, block.number())
                    .set(HASH, block.hash())
                    .set(PARENT_HASH, block.parentHash())
                    .set(TIME_S, block.timestamp())
                    .execute());
            return sql.deleteFrom(CHAIN_BLOCK)
                    .where(NUMBER.lt(head.number() - REORG_REACH), NUMBER.lt(to))
                    .execute();
        });
        return true;
    }

    private boolean linked(List<BlockHead> blocks) {
        Optional<Record> before = database.sql()
                .select(CHAIN_BLOCK_COLUMNS)
                .from(CHAIN_BLOCK)
                .where(NUMBER.eq(blocks.getFirst().number() - 1))
                .fetchOptional();
        if (before.isPresent()
                && !before.get().get(HASH).equals(blocks.getFirst().parentHash())) {
            return false;
        }
        for (int i = 1; i < blocks.size(); i++) {
            if (!blocks.get(i).parentHash().equals(blocks.get(i - 1).hash())) {
                return false;
            }
        }
        return true;
    }

    /** The logs were fetched before the blocks; a reorg between the two shows in their block hashes. */
    private static boolean fits(List<Log> logs, List<BlockHead> recent) {
        for (Log entry : logs) {
            long number = entry.getBlockNumber().longValueExact();
            for (BlockHead block : recent) {
                if (block.number() == number && !block.hash().equals(entry.getBlockHash())) {
                    return false;
                }
            }
        }
        return true;
    }

    private void store(DSLContext sql, Log entry) {
        String topic = entry.getTopics().getFirst();
        if (topic.equals(EventEncoder.encode(BitDeltaRegistry.DELTAPUBLISHED_EVENT))) {
            published(sql, BitDeltaRegistry.getDeltaPublishedEventFromLog(entry));
        } else if (topic.equals(EventEncoder.encode(BitDeltaRegistry.DELTAREVOKED_EVENT))) {
            revoked(sql, BitDeltaRegistry.getDeltaRevokedEventFromLog(entry));
        } else if (topic.equals(EventEncoder.encode(DeltaSoups.PROPOSED_EVENT))) {
            proposed(sql, DeltaSoups.getProposedEventFromLog(entry));
        } else if (topic.equals(EventEncoder.encode(DeltaSoups.FINALIZED_EVENT))) {
            finalised(sql, DeltaSoups.getFinalizedEventFromLog(entry));
        } else if (topic.equals(EventEncoder.encode(BitDeltaRoyalties.PAID_EVENT))) {
            paid(sql, BitDeltaRoyalties.getPaidEventFromLog(entry));
        } else if (topic.equals(EventEncoder.encode(BitDeltaRoyalties.CLAIMED_EVENT))) {
            claimed(sql, BitDeltaRoyalties.getClaimedEventFromLog(entry));
        } else if (topic.equals(EventEncoder.encode(IdentityRegistry.DIDOWNERCHANGED_EVENT))) {
            var event = IdentityRegistry.getDIDOwnerChangedEventFromLog(entry);
            identity(sql, entry, event.identity, "owner", "", event.owner, null);
        } else if (topic.equals(EventEncoder.encode(IdentityRegistry.DIDDELEGATECHANGED_EVENT))) {
            var event = IdentityRegistry.getDIDDelegateChangedEventFromLog(entry);
            identity(
                    sql,
                    entry,
                    event.identity,
                    "delegate",
                    HexText.of(event.delegateType),
                    event.delegate,
                    event.validTo);
        } else if (topic.equals(EventEncoder.encode(IdentityRegistry.DIDATTRIBUTECHANGED_EVENT))) {
            var event = IdentityRegistry.getDIDAttributeChangedEventFromLog(entry);
            identity(
                    sql,
                    entry,
                    event.identity,
                    "attribute",
                    HexText.of(event.name),
                    HexText.of(event.value),
                    event.validTo);
        }
    }

    private static void published(DSLContext sql, BitDeltaRegistry.DeltaPublishedEventResponse event) {
        sql.insertInto(DELTA)
                .set(DELTA_ID, HexText.of(event.deltaId))
                .set(IDENTITY, event.identity)
                .set(BASE_HASH, HexText.of(event.baseHash))
                .set(DELTA_ROOT, HexText.of(event.deltaRoot))
                .set(MANIFEST_DIGEST, HexText.of(event.manifestDigest))
                .set(RECEIPT_HASH, HexText.of(event.receiptHash))
                .set(PREV, HexText.of(event.prev))
                .set(EPSILON_MILLI, event.epsilonMilli.intValueExact())
                .set(FLAGS, event.flags.intValueExact())
                .set(EVIDENCE_DIGEST, HexText.of(event.evidenceDigest))
                .set(BLOCK_NUMBER, event.log.getBlockNumber().longValueExact())
                .set(LOG_INDEX, event.log.getLogIndex().intValueExact())
                .set(TX_HASH, event.log.getTransactionHash())
                .execute();
    }

    private static void revoked(DSLContext sql, BitDeltaRegistry.DeltaRevokedEventResponse event) {
        sql.insertInto(REVOCATION)
                .set(DELTA_ID, HexText.of(event.deltaId))
                .set(BLOCK_NUMBER, event.log.getBlockNumber().longValueExact())
                .set(LOG_INDEX, event.log.getLogIndex().intValueExact())
                .set(TX_HASH, event.log.getTransactionHash())
                .execute();
    }

    private static void proposed(DSLContext sql, DeltaSoups.ProposedEventResponse event) {
        sql.insertInto(SOUP)
                .set(SOUP_ID, HexText.of(event.soupId))
                .set(PROPOSER, event.proposer)
                .set(BASE_HASH, HexText.of(event.baseHash))
                .set(MEMBERS_ROOT, HexText.of(event.header.membersRoot))
                .set(WEIGHTS_ROOT, HexText.of(event.header.weightsRoot))
                .set(MANIFEST_DIGEST, HexText.of(event.header.manifestDigest))
                .set(MEMBERS, event.header.members.longValueExact())
                .set(BYZANTINE, event.header.byzantine.longValueExact())
                .set(PAYEES, event.header.payees.longValueExact())
                .set(RULE, event.header.rule.intValueExact())
                .set(WEIGHTS_RULE, event.header.weightsRule.intValueExact())
                .set(BLOCK_NUMBER, event.log.getBlockNumber().longValueExact())
                .set(LOG_INDEX, event.log.getLogIndex().intValueExact())
                .set(TX_HASH, event.log.getTransactionHash())
                .execute();
    }

    private static void finalised(DSLContext sql, DeltaSoups.FinalizedEventResponse event) {
        sql.insertInto(SOUP_FINAL)
                .set(SOUP_ID, HexText.of(event.soupId))
                .set(BLOCK_NUMBER, event.log.getBlockNumber().longValueExact())
                .set(LOG_INDEX, event.log.getLogIndex().intValueExact())
                .set(TX_HASH, event.log.getTransactionHash())
                .execute();
    }

    private static void paid(DSLContext sql, BitDeltaRoyalties.PaidEventResponse event) {
        sql.insertInto(PAYMENT)
                .set(SOUP_ID, HexText.of(event.soupId))
                .set(TOKEN, event.token)
                .set(PAYER, event.payer)
                .set(AMOUNT, event.amount.toString())
                .set(RECEIVED, event.received.toString())
                .set(BLOCK_NUMBER, event.log.getBlockNumber().longValueExact())
                .set(LOG_INDEX, event.log.getLogIndex().intValueExact())
                .set(TX_HASH, event.log.getTransactionHash())
                .execute();
    }

    private static void claimed(DSLContext sql, BitDeltaRoyalties.ClaimedEventResponse event) {
        sql.insertInto(CLAIM)
                .set(SOUP_ID, HexText.of(event.soupId))
                .set(TOKEN, event.token)
                .set(PAYEE_INDEX, event.index.longValueExact())
                .set(IDENTITY, event.identity)
                .set(RECIPIENT, event.to)
                .set(AMOUNT, event.amount.toString())
                .set(BLOCK_NUMBER, event.log.getBlockNumber().longValueExact())
                .set(LOG_INDEX, event.log.getLogIndex().intValueExact())
                .set(TX_HASH, event.log.getTransactionHash())
                .execute();
    }

    private static void identity(
            DSLContext sql,
            Log entry,
            String identity,
            String kind,
            String name,
            String value,
            java.math.@org.jspecify.annotations.Nullable BigInteger validTo) {
        sql.insertInto(IDENTITY_EVENT)
                .set(IDENTITY, identity)
                .set(KIND, kind)
                .set(NAME, name)
                .set(VALUE, value)
                .set(
                        VALID_TO_S,
                        validTo == null
                                ? null
                                : validTo.min(java.math.BigInteger.valueOf(Long.MAX_VALUE))
                                        .longValueExact())
                .set(BLOCK_NUMBER, entry.getBlockNumber().longValueExact())
                .set(LOG_INDEX, entry.getLogIndex().intValueExact())
                .set(TX_HASH, entry.getTransactionHash())
                .execute();
    }
}
