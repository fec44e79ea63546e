package io.bitdelta.node.cli.node;

import io.bitdelta.node.cli.LocalNodeOption;
import io.bitdelta.node.jobs.JobState;
import io.bitdelta.node.jobs.Jobs;
import io.bitdelta.node.lookup.Indexer;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.DatabaseSettings;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;

/**
 * What a node that does not run has left in its database.
 *
 * @param indexedBlock newest block of its index; -1 for none
 * @param openJobs how many jobs of each state are not over
 */
record LeftWork(long indexedBlock, Map<JobState, Integer> openJobs) {
    /** Reads it without opening the node; empty where no node has been. */
    static Optional<LeftWork> in(LocalNodeOption local) {
        DatabaseSettings settings =
                local.config().database().settings(local.folder().resolve("bitdelta.sqlite"));
        if (settings instanceof DatabaseSettings.Sqlite sqlite && !Files.exists(sqlite.file())) {
            return Optional.empty();
        }
        try (Database database = Database.attach(settings)) {
            return Optional.of(new LeftWork(Indexer.newestBlock(database), Jobs.open(database)));
        }
    }
}
