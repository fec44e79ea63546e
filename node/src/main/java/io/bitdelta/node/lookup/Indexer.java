package io.bitdelta.node.lookup;

import static io.bitdelta.node.lookup.IndexTables.FOLLOWS;
import static io.bitdelta.node.lookup.IndexTables.HEIGHT;
import static io.bitdelta.node.store.Schema.BLOCK_NUMBER;
import static io.bitdelta.node.store.Schema.CHAIN_BLOCK;
import static io.bitdelta.node.store.Schema.CHAIN_BLOCK_COLUMNS;
import static io.bitdelta.node.store.Schema.CHAIN_CURSOR;
import static io.bitdelta.node.store.Schema.CHAIN_ID;
import static io.bitdelta.node.store.Schema.HASH;
import static io.bitdelta.node.store.Schema.NUMBER;
import static io.bitdelta.node.store.Schema.PARENT_HASH;
import static io.bitdelta.node.store.Schema.REGISTRY;
import static io.bitdelta.node.store.Schema.TIME_S;

import io.bitdelta.node.chain.BlockHead;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.ChainException;
import io.bitdelta.node.chain.Deployment;
import io.bitdelta.node.store.Database;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.web3j.protocol.core.methods.response.Log;

/**
 * Follows the contracts' events into the database.
 *
 * <p>Blocks that a reorg may still replace are kept, linked by their parents' hashes. When the chain has another block at the
 * indexed height, the index walks back to the last kept block that is still on the chain and deletes every row of later ones:
 * an index after a reorg equals an index from scratch, because rows are only ever added or deleted by block. A reorg below
 * what was final is refused, not followed.
 *
 * <p>One transaction moves the cursor from the height that was seen to the next one, together with the rows between, so
 * several nodes on one database index every block once.
 */
public final class Indexer {
    private static final Logger log = LoggerFactory.getLogger(Indexer.class);

    private final Database database;
    private final ChainClient chain;
    private final Deployment deployment;
    private final IndexDepth depth;
    private final EventCatalogue catalogue = EventCatalogue.standard();
    private final Map<String, String> deployedNames = new TreeMap<>();
    private final BlockRange range = new BlockRange();

    /** As the four-argument constructor, for a development chain. */
    public Indexer(Database database, ChainClient chain, Deployment deployment) {
        this(database, chain, deployment, IndexDepth.development());
    }

    /**
     * @param deployment whose contracts are followed
     * @param depth how far back the chain may change
     * @throws ChainException when the database follows another deployment
     */
    public Indexer(Database database, ChainClient chain, Deployment deployment, IndexDepth depth) {
        this.database = database;
        this.chain = chain;
        this.deployment = deployment;
        this.depth = depth;
        deployedNames.putAll(followed(deployment));
        claimIndex();
    }

    /** The addresses of a deployment's contracts whose events are read, lowercase and sorted. */
    public static List<String> addresses(Deployment deployment) {
        return List.copyOf(followed(deployment).keySet());
    }

    private static NavigableMap<String, String> followed(Deployment deployment) {
        NavigableMap<String, String> names = new TreeMap<>();
        deployment.contracts().forEach((name, contract) -> {
            if (EventCatalogue.followed().contains(name)) {
                names.put(contract.address().toLowerCase(Locale.ROOT), name);
            }
        });
        return names;
    }

    /** One database indexes one registry on one chain; another one would mix two truths. */
    private void claimIndex() {
        String registry = deployment.address("BitDeltaRegistryProxy");
        String follows = String.join(" ", deployedNames.keySet());
        database.transaction(sql -> {
            sql.insertInto(CHAIN_CURSOR)
                    .set(CHAIN_ID, deployment.chainId())
                    .set(REGISTRY, registry)
                    .set(FOLLOWS, follows)
                    .set(HEIGHT, before())
                    .onConflictDoNothing()
                    .execute();
            List<Record> cursors = sql.select(List.of(CHAIN_ID, REGISTRY, FOLLOWS))
                    .from(CHAIN_CURSOR)
                    .orderBy(CHAIN_ID)
                    .fetch();
            for (Record cursor : cursors) {
                if (!cursor.get(REGISTRY).equals(registry) || cursor.get(CHAIN_ID) != deployment.chainId()) {
                    throw new ChainException(
                            "this database follows registry %s on chain %d, not %s on chain %d: use a fresh --data folder"
                                    .formatted(
                                            cursor.get(REGISTRY),
                                            cursor.get(CHAIN_ID),
                                            registry,
                                            deployment.chainId()));
                }
            }
            if (!cursors.getFirst().get(FOLLOWS).equals(follows)) {
                log.info("other contracts are followed now; the index is read again");
                forget(sql, before());
                sql.update(CHAIN_CURSOR)
                        .set(FOLLOWS, follows)
                        .set(HEIGHT, before())
                        .execute();
            }
            return cursors.size();
        });
    }

    /** No event is at this height or below. */
    private long before() {
        return deployment.firstBlock() - 1;
    }

    /** The newest block that an index holds; -1 for none. */
    public static long newestBlock(Database database) {
        Long newest = database.reads().select(DSL.max(NUMBER)).from(CHAIN_BLOCK).fetchOne(0, Long.class);
        return newest == null ? -1 : newest;
    }

    /** The height up to which the index is complete. */
    public long height() {
        return database.sql().select(HEIGHT).from(CHAIN_CURSOR).fetchSingle(HEIGHT);
    }

    /**
     * Reads everything up to the newest block.
     *
     * @return the height up to which the index is now complete
     * @throws DeepReorgException when the chain replaced what was final
     * @throws ChainException when the chain's endpoint does not answer
     */
    public long catchUp() {
        while (true) {
            BlockHead head = chain.head();
            long done = undoReorg(head);
            if (head.number() <= done) {
                return done;
            }
            read(done, head);
        }
    }

    /** Reads ranges up to {@code head}, or until one of them has to be read again; each is fetched while the one before is stored. */
    private void read(long done, BlockHead head) {
        AtomicReference<FutureTask<Fetched>> ahead = new AtomicReference<>(fetchAfter(done, head));
        boolean stored = true;
        while (stored && ahead.get() != null) {
            FutureTask<Fetched> current = ahead.getAndSet(null);
            stored = range.attempt(() -> {
                Fetched fetched = fetched(current);
                if (fetched.to() < head.number()) {
                    ahead.set(fetchAfter(fetched.to(), head));
                }
                return store(fetched);
            });
        }
    }

    private FutureTask<Fetched> fetchAfter(long done, BlockHead head) {
        long to = Math.min(head.number(), done + range.blocks());
        FutureTask<Fetched> task = new FutureTask<>(() -> fetch(done + 1, to, head));
        Thread.ofVirtual().name("index-fetch").start(task);
        return task;
    }

    private Fetched fetched(FutureTask<Fetched> task) {
        try {
            return task.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ChainException("interrupted while reading from " + chain.name(), interrupted);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    /**
     * What the chain says of a range of blocks, decoded.
     *
     * @param settled the newest block that no reorg replaces
     * @param blocks by height: those with logs, those that may be replaced, and the last
     * @param rows of their events; empty when logs and blocks are not of one chain, because it changed between
     */
    private record Fetched(long from, long to, long settled, Map<Long, BlockHead> blocks, Optional<EventRows> rows) {}

    /** Forgets everything and reads the chain again from the first contract's block. */
    public long rebuild() {
        database.transaction(sql -> {
            forget(sql, before());
            return sql.update(CHAIN_CURSOR).set(HEIGHT, before()).execute();
        });
        return catchUp();
    }

    /** The last block that the index and the chain agree on, after deleting what they do not. */
    private long undoReorg(BlockHead head) {
        long done = height();
        List<Record> kept = database.sql()
                .select(CHAIN_BLOCK_COLUMNS)
                .from(CHAIN_BLOCK)
                .orderBy(NUMBER.desc())
                .fetch();
        if (kept.isEmpty()) {
            return done;
        }
        Map<Long, String> hashes =
                kept.stream().collect(Collectors.toMap(row -> row.get(NUMBER), row -> row.get(HASH)));
        if (head.number() < done && head.hash().equals(hashes.get(head.number()))) {
            log.debug("the endpoint is at block {}, behind the index at {}; waiting for it", head.number(), done);
            return done;
        }
        for (Record row : kept) {
            boolean stands = row.get(NUMBER) <= head.number()
                    && chain.block(row.get(NUMBER))
                            .map(block -> block.hash().equals(row.get(HASH)))
                            .orElse(false);
            if (stands) {
                return forgetAfter(done, row.get(NUMBER));
            }
        }
        Record oldest = kept.getLast();
        if (oldest.get(NUMBER) > deployment.firstBlock()) {
            throw new DeepReorgException(
                    oldest.get(NUMBER),
                    oldest.get(HASH),
                    chain.block(oldest.get(NUMBER)).map(BlockHead::hash).orElse("missing"));
        }
        return forgetAfter(done, before());
    }

    private long forgetAfter(long done, long number) {
        // Beyond it when another node went on meanwhile.
        if (number >= done) {
            return number;
        }
        log.info("a reorg took back the blocks after {}", number);
        return database.transaction(sql -> {
            if (moveCursor(sql, done, number)) {
                forget(sql, number);
                return number;
            }
            return sql.select(HEIGHT).from(CHAIN_CURSOR).fetchSingle(HEIGHT);
        });
    }

    /** Takes the cursor's row for this transaction, unless another node was faster. */
    private boolean moveCursor(DSLContext sql, long from, long to) {
        return sql.update(CHAIN_CURSOR)
                        .set(HEIGHT, to)
                        .where(CHAIN_ID.eq(deployment.chainId()), HEIGHT.eq(from))
                        .execute()
                == 1;
    }

    private void forget(DSLContext sql, long after) {
        catalogue.tables().stream()
                .sorted()
                .forEach(table -> sql.deleteFrom(DSL.table(DSL.name(table)))
                        .where(BLOCK_NUMBER.gt(after))
                        .execute());
        sql.deleteFrom(CHAIN_BLOCK).where(NUMBER.gt(after)).execute();
    }

    private Fetched fetch(long from, long to, BlockHead head) {
        List<Log> logs = chain.logs(from, to, addresses(deployment), List.of());
        long settled = settled(head);
        TreeSet<Long> wanted = new TreeSet<>(List.of(to));
        LongStream.rangeClosed(Math.max(from, settled + 1), to).forEach(wanted::add);
        logs.forEach(entry -> wanted.add(entry.getBlockNumber().longValueExact()));
        Map<Long, BlockHead> blocks = chain.blocks(List.copyOf(wanted)).stream()
                .collect(Collectors.toMap(BlockHead::number, Function.identity()));
        boolean one = blocks.keySet().equals(wanted) && fits(logs, blocks);
        return new Fetched(
                from, to, settled, blocks, one ? Optional.of(decoded(from, to, logs, blocks)) : Optional.empty());
    }

    private EventRows decoded(long from, long to, List<Log> logs, Map<Long, BlockHead> blocks) {
        EventRows rows = new EventRows(catalogue, deployedNames);
        for (Log entry : logs) {
            BlockHead block = blocks.get(entry.getBlockNumber().longValueExact());
            Optional<String> contract = rows.emitter(entry);
            if (block == null || contract.isEmpty() || block.number() < from || block.number() > to) {
                throw new ChainException(
                        "%s answers with logs that nobody asked for: of %s in block %s, asked for blocks %d to %d"
                                .formatted(chain.name(), entry.getAddress(), entry.getBlockNumber(), from, to));
            }
            rows.add(entry, contract.get(), block.timestamp());
        }
        return rows;
    }

    /** @return how many events were stored; empty when the chain changed meanwhile or another node was faster */
    private Optional<Integer> store(Fetched fetched) {
        long from = fetched.from();
        long to = fetched.to();
        long settled = fetched.settled();
        Map<Long, BlockHead> blocks = fetched.blocks();
        if (fetched.rows().isEmpty() || !linked(from, blocks)) {
            log.info("the chain changed while blocks {} to {} were read; reading them again", from, to);
            return Optional.empty();
        }
        EventRows rows = fetched.rows().get();
        boolean mine = database.transaction(sql -> {
            if (!moveCursor(sql, from - 1, to)) {
                return false;
            }
            rows.insert(sql);
            blocks.values().stream()
                    .filter(block -> block.number() > settled || block.number() == to)
                    .forEach(block -> sql.insertInto(CHAIN_BLOCK)
                            .set(NUMBER, block.number())
                            .set(HASH, block.hash())
                            .set(PARENT_HASH, block.parentHash())
                            .set(TIME_S, block.timestamp())
                            .execute());
            sql.deleteFrom(CHAIN_BLOCK).where(NUMBER.lt(Math.min(settled, to))).execute();
            return true;
        });
        return mine ? Optional.of(rows.count()) : Optional.empty();
    }

    /** The newest block that no reorg replaces. */
    private long settled(BlockHead head) {
        long byReach = head.number() - depth.reach();
        if (!depth.finalizedTag()) {
            return byReach;
        }
        return chain.finalized()
                .map(BlockHead::number)
                .map(tag -> Math.max(tag, byReach))
                .orElse(byReach);
    }

    /** Whether neighbours are parent and child, the block before the range included. */
    private boolean linked(long from, Map<Long, BlockHead> blocks) {
        Map<Long, String> before = new HashMap<>();
        database.sql()
                .select(NUMBER, HASH)
                .from(CHAIN_BLOCK)
                .where(NUMBER.eq(from - 1))
                .fetch()
                .forEach(row -> before.put(row.get(NUMBER), row.get(HASH)));
        blocks.values().forEach(block -> before.put(block.number(), block.hash()));
        return blocks.values().stream().allMatch(block -> {
            String parent = before.get(block.number() - 1);
            return parent == null || parent.equals(block.parentHash());
        });
    }

    /** The logs were fetched before the blocks; a reorg between the two shows in their block hashes. */
    private static boolean fits(List<Log> logs, Map<Long, BlockHead> blocks) {
        return logs.stream().allMatch(entry -> {
            BlockHead block = blocks.get(entry.getBlockNumber().longValueExact());
            return block != null && block.hash().equals(entry.getBlockHash());
        });
    }
}
