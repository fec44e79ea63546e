package io.bitdelta.node.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.node.lookup.IndexTables;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.DatabaseKind;
import io.bitdelta.node.store.DatabaseSettings;
import io.bitdelta.node.store.RowCounter;
import io.bitdelta.node.store.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a node cannot rebuild comes back from a backup, from either database to either. */
final class BackupTest {
    @TempDir
    Path folder;

    private Path data;
    private Path restored;
    private Path file;

    @BeforeEach
    void folders() throws IOException {
        data = Files.createDirectories(folder.resolve("data"));
        restored = Files.createDirectories(folder.resolve("restored"));
        file = folder.resolve("backup.zip");
        Files.createDirectories(data.resolve("keys"));
        Files.writeString(data.resolve("keys/relayer.json"), "never in a backup");
        Files.createDirectories(data.resolve("deployments"));
        Files.writeString(data.resolve("deployments/31337.json"), "{\"chainId\":31337}");
        Files.writeString(data.resolve("config.yaml"), "http:\n  port: 1234\n");
    }

    private DatabaseSettings source(DatabaseKind kind) {
        return kind.settings(data.resolve("bitdelta.sqlite"));
    }

    private DatabaseSettings target(DatabaseKind kind) {
        return kind.settings(restored.resolve("bitdelta.sqlite"));
    }

    private Backup backup(DatabaseKind kind) {
        return new Backup(data, source(kind), IndexTables.derived(), Clock.systemUTC());
    }

    private BackupManifest restore(DatabaseKind kind) throws IOException {
        return new Restore(restored, target(kind), IndexTables.derived()).read(file);
    }

    /** Rows of every kind of column, referencing each other. */
    private static void fill(Database database) {
        database.transaction(sql -> {
            for (int i = 0; i < 1200; i++) {
                sql.insertInto(Schema.SOUP_PLAN)
                        .set(Schema.INTENT, "soup " + i)
                        .set(Schema.MEMBER_IDS, "a b")
                        .set(Schema.CREATED_AT, "2026-11-20T20:00:00Z")
                        .set(Schema.SNAPSHOT, Long.MAX_VALUE - i)
                        .set(Schema.DEADLINE, 5L)
                        .execute();
                sql.insertInto(Schema.CONSENT)
                        .set(Schema.SOUP_INTENT, "soup " + i)
                        .set(Schema.DELTA_ID, "0x" + i)
                        .set(Schema.SIGNATURE, "sig 'quoted' \u00e9\n")
                        .execute();
            }
            return RowCounter.next(sql, "outbox");
        });
    }

    private static Map<String, Object> rows(DatabaseSettings settings) {
        try (Database database = Database.open(settings)) {
            Map<String, Object> all = new LinkedHashMap<>();
            for (String table : List.of("soup_plan", "consent", "row_counter")) {
                all.put(
                        table,
                        database.sql().fetch("select * from " + table + " order by 1, 2").stream()
                                .map(row -> row.intoList().stream()
                                        .map(String::valueOf)
                                        .toList())
                                .toList());
            }
            return all;
        }
    }

    @ParameterizedTest
    @CsvSource({"SQLITE, SQLITE", "SQLITE, POSTGRESQL", "POSTGRESQL, SQLITE", "POSTGRESQL, POSTGRESQL"})
    void everythingComesBack(DatabaseKind from, DatabaseKind to) throws IOException {
        try (Database running = Database.open(source(from))) {
            fill(running);
            // The node goes on running while it is backed up.
            BackupManifest manifest = backup(from).write(file);
            assertThat(manifest.keys()).containsExactly("relayer.json");
            fillMore(running);
        }
        restore(to);
        try (Database database = Database.open(source(from))) {
            database.sql()
                    .deleteFrom(Schema.SOUP_PLAN)
                    .where(Schema.INTENT.eq("later"))
                    .execute();
        }
        assertThat(rows(target(to))).isEqualTo(rows(source(from)));
        assertThat(restored.resolve("deployments/31337.json")).hasContent("{\"chainId\":31337}");
        assertThat(restored.resolve("config.yaml")).hasContent("http:\n  port: 1234");
        assertThat(Files.exists(restored.resolve("keys/relayer.json"))).isFalse();
        try (var left = Files.list(restored)) {
            assertThat(left.map(path -> path.getFileName().toString()).filter(name -> name.startsWith(".")))
                    .isEmpty();
        }
    }

    private static void fillMore(Database database) {
        database.sql()
                .insertInto(Schema.SOUP_PLAN)
                .set(Schema.INTENT, "later")
                .set(Schema.MEMBER_IDS, "a")
                .set(Schema.CREATED_AT, "2026-11-20T20:00:00Z")
                .set(Schema.SNAPSHOT, 1L)
                .set(Schema.DEADLINE, 5L)
                .execute();
    }

    @Test
    void keysAreNeverInABackup() throws IOException {
        try (Database database = Database.open(source(DatabaseKind.SQLITE))) {
            fill(database);
        }
        backup(DatabaseKind.SQLITE).write(file);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName))
                    .containsExactly("backup.json", "config.yaml", "database.sqlite", "deployments/31337.json");
        }
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(DatabaseKind.class)
    void aDatabaseThatHoldsSomethingIsNotOverwritten(DatabaseKind kind) throws IOException {
        try (Database database = Database.open(source(DatabaseKind.SQLITE))) {
            fill(database);
        }
        backup(DatabaseKind.SQLITE).write(file);
        try (Database occupied = Database.open(target(kind))) {
            fillMore(occupied);
        }
        assertThatThrownBy(() -> restore(kind)).isInstanceOf(BackupException.class);
        try (Database occupied = Database.open(target(kind))) {
            assertThat(occupied.sql().fetchCount(Schema.SOUP_PLAN)).isEqualTo(1);
        }
    }

    @Test
    void aBackupNeverReplacesAFile() throws IOException {
        try (Database database = Database.open(source(DatabaseKind.SQLITE))) {
            fill(database);
        }
        Files.writeString(file, "precious");
        assertThatThrownBy(() -> backup(DatabaseKind.SQLITE).write(file)).isInstanceOf(BackupException.class);
        assertThat(file).hasContent("precious");
    }

    @Test
    void aFolderWithoutADatabaseIsNotBackedUp() {
        assertThatThrownBy(() -> backup(DatabaseKind.SQLITE).write(file))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("no database");
        assertThat(Files.exists(file)).isFalse();
    }

    @Test
    void damageIsFoundBeforeAnythingIsChanged() throws IOException {
        try (Database database = Database.open(source(DatabaseKind.SQLITE))) {
            fill(database);
        }
        backup(DatabaseKind.SQLITE).write(file);
        rewrite("database.sqlite", bytes -> {
            bytes[bytes.length / 2] ^= 1;
            return bytes;
        });
        assertThatThrownBy(() -> restore(DatabaseKind.SQLITE))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("SHA-256");
        assertThat(Files.exists(restored.resolve("bitdelta.sqlite"))).isFalse();
        assertThat(Files.exists(restored.resolve("deployments"))).isFalse();
    }

    @Test
    void whatIsNoBackupIsRefused() throws IOException {
        Files.writeString(file, "not a zip");
        assertThatThrownBy(() -> restore(DatabaseKind.SQLITE)).isInstanceOf(BackupException.class);
        Files.delete(file);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("other.txt"));
        }
        assertThatThrownBy(() -> restore(DatabaseKind.SQLITE))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("backup.json");
    }

    @Test
    void anEntryThatLeavesTheFolderIsRefused() throws IOException {
        try (Database database = Database.open(source(DatabaseKind.SQLITE))) {
            fill(database);
        }
        backup(DatabaseKind.SQLITE).write(file);
        rewrite(
                "backup.json",
                bytes -> new String(bytes, java.nio.charset.StandardCharsets.UTF_8)
                        .replace("config.yaml", "../../evil")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThatThrownBy(() -> restore(DatabaseKind.SQLITE))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("../../evil");
    }

    @Test
    void aBackupOfANewerVersionIsRefused() throws IOException {
        DatabaseSettings newer = source(DatabaseKind.SQLITE);
        try (Database database = Database.open(newer)) {
            fill(database);
        }
        backup(DatabaseKind.SQLITE).write(file);
        Path copy = folder.resolve("newer.sqlite");
        try (ZipFile zip = new ZipFile(file.toFile())) {
            Files.copy(zip.getInputStream(zip.getEntry("database.sqlite")), copy);
        }
        try (Database database = Database.sqlite(copy)) {
            database.sql().execute("""
                            insert into flyway_schema_history
                              (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
                            values (9999, '9999', 'later', 'SQL', 'V9999__later.sql', 1, 'test', 1, 1)""");
            database.checkpoint();
        }
        byte[] database = Files.readAllBytes(copy);
        rewrite("database.sqlite", bytes -> database);
        String sum = Backup.sha256(copy);
        rewrite(
                "backup.json",
                bytes -> new String(bytes, java.nio.charset.StandardCharsets.UTF_8)
                        .replaceAll("(\"database.sqlite\"\\s*:\\s*\")0x[0-9a-f]{64}", "$1" + sum)
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThatThrownBy(() -> restore(DatabaseKind.SQLITE))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("9999")
                .hasMessageContaining("newer");
        assertThat(Files.exists(restored.resolve("bitdelta.sqlite"))).isFalse();
    }

    private void rewrite(String name, java.util.function.UnaryOperator<byte[]> change) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                byte[] bytes = zip.getInputStream(entry).readAllBytes();
                entries.put(entry.getName(), entry.getName().equals(name) ? change.apply(bytes) : bytes);
            }
        }
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (var entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
    }
}
