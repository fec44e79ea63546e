package io.bitdelta.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.ipfs.Secret;
import io.bitdelta.node.store.DatabaseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DatabaseConfigTest {
    @TempDir
    Path folder;

    private NodeConfig load(String yaml, Map<String, String> environment) throws IOException {
        Files.writeString(folder.resolve("config.yaml"), yaml);
        return NodeConfig.load(folder, Optional.empty(), environment);
    }

    @Test
    void withoutASectionItIsAFileInTheDataFolder() throws IOException {
        Path file = folder.resolve("bitdelta.sqlite");
        assertThat(load("http:\n  port: 1\n", Map.of()).database().settings(file))
                .isEqualTo(new DatabaseSettings.Sqlite(file));
    }

    @Test
    void aServerIsNamedInTheFileOrTheEnvironment() throws IOException {
        DatabaseSettings named = new DatabaseSettings.Postgresql(
                "jdbc:postgresql://db:5432/b", "me", new Secret(Secret.Source.ENV, "DB"), 7);
        assertThat(load(
                                "database:\n  url: jdbc:postgresql://db:5432/b\n  user: me\n  password: env:DB\n  pool: 7\n",
                                Map.of())
                        .database()
                        .settings(folder))
                .isEqualTo(named);
        assertThat(load(
                                "# nothing\n",
                                Map.of(
                                        "BITDELTA_DATABASE_URL", "jdbc:postgresql://db:5432/b",
                                        "BITDELTA_DATABASE_USER", "me",
                                        "BITDELTA_DATABASE_PASSWORD", "env:DB",
                                        "BITDELTA_DATABASE_POOL", "7"))
                        .database()
                        .settings(folder))
                .isEqualTo(named);
    }

    @ParameterizedTest
    @CsvSource({
        "url: mysql://db/b, database.url",
        "url: 'jdbc:postgresql://db/b?password=hunter2', database.url",
        "'{url: \"jdbc:postgresql://db/b\", password: hunter2}', database.password",
        "'{url: \"jdbc:postgresql://db/b\", pool: 1}', database.pool"
    })
    void whatCannotWorkIsRefusedByItsKeyAndNoPasswordIsRepeated(String section, String key) {
        String yaml = section.startsWith("{") ? "database: " + section : "database:\n  " + section;
        assertThatThrownBy(() -> load(yaml + "\n", Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void severalEndpointsAreTakenInTheirOrder() throws IOException {
        NodeConfig config =
                load("chain:\n  rpc: 'https://a.example, http://b.example:8545/key ,https://a.example'\n", Map.of());
        assertThat(config.chain().rpcs()).containsExactly("https://a.example", "http://b.example:8545/key");
        assertThat(config.chain().embedded()).isFalse();
        assertThatThrownBy(() -> load("chain:\n  rpc: 'https://a.example, ftp://b.example'\n", Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("chain.rpc");
    }
}
