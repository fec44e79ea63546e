package io.bitdelta.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NodeConfigTest {
    @TempDir
    Path folder;

    @Test
    void anEmptyFolderMeansEverythingEmbedded() {
        NodeConfig config = NodeConfig.load(folder, Optional.empty());
        assertThat(config.chain().embedded()).isTrue();
        assertThat(config.http().host()).isEqualTo("127.0.0.1");
        assertThat(config).isEqualTo(NodeConfig.defaults());
    }

    @Test
    void anUnknownKeyIsRefusedByName() throws IOException {
        Path file = Files.writeString(folder.resolve("config.yaml"), "chain:\n  rcp: http://localhost:8545\n");
        assertThatThrownBy(() -> NodeConfig.load(folder, Optional.empty()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("rcp");
    }

    @Test
    void badValuesAreRefusedByKey() throws IOException {
        Files.writeString(folder.resolve("config.yaml"), "http:\n  port: 70000\n");
        assertThatThrownBy(() -> NodeConfig.load(folder, Optional.empty()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("http.port");
        Files.writeString(folder.resolve("config.yaml"), "chain:\n  rpc: ftp://example\n");
        assertThatThrownBy(() -> NodeConfig.load(folder, Optional.empty()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("chain.rpc");
    }

    @Test
    void aMissingFileThatWasAskedForIsAnError() {
        assertThatThrownBy(() -> NodeConfig.load(folder, Optional.of(folder.resolve("none.yaml"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("none.yaml");
    }

    @Test
    void theEnvironmentWinsOverTheFile() throws IOException {
        Files.writeString(folder.resolve("config.yaml"), "http:\n  port: 1\nstore:\n  kind: kubo\n");
        NodeConfig config = NodeConfig.load(
                folder,
                Optional.empty(),
                Map.of("BITDELTA_HTTP_PORT", "8481", "BITDELTA_STORE_KUBO_API", "http://127.0.0.1:5999"));
        assertThat(config.http().port()).isEqualTo(8481);
        assertThat(config.store().kind()).isEqualTo(StoreConfig.Kind.KUBO);
        assertThat(config.store().kubo().api()).isEqualTo("http://127.0.0.1:5999");
    }

    @Test
    void anEmptyFileWithAnEnvironmentIsTheDefaultsWithIt() throws IOException {
        Files.writeString(folder.resolve("config.yaml"), "# nothing\n");
        NodeConfig config =
                NodeConfig.load(folder, Optional.empty(), Map.of("BITDELTA_CHAIN_RPC", "https://127.0.0.1:8545"));
        assertThat(config.chain().embedded()).isFalse();
        assertThat(config.http()).isEqualTo(NodeConfig.defaults().http());
    }

    @Test
    void aStoreIsRefusedByItsKeyAndASecretIsNotRepeated() throws IOException {
        Files.writeString(folder.resolve("config.yaml"), "store:\n  kind: ftp\n");
        assertThatThrownBy(() -> NodeConfig.load(folder, Optional.empty()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("store.kind")
                .hasMessageContaining("s3+redis");
        Files.writeString(folder.resolve("config.yaml"), "store:\n  kind: s3+redis\n  s3:\n    secretKey: hunter2\n");
        assertThatThrownBy(() -> NodeConfig.load(folder, Optional.empty()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("store.s3.secretKey")
                .message()
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    http: { port: many }                                | http.port          | many
                    http: { port: 70000 }                               | http.port          | 70000
                    http: { perAddress: 0 }                             | http.perAddress    | 1
                    http: { origins: "not an origin" }                  | http.origins       | not an origin
                    http: { host: 0.0.0.0 }                             | http.host          | TLS
                    http: { certificates: /a.pem }                      | http.key           | both
                    http: { behindProxy: maybe }                        | http.behindProxy   | maybe
                    http: { prot: 1 }                                   | http.prot          | port
                    htpp: { port: 1 }                                   | htpp               | http
                    chain: { confirmations: 0 }                         | chain.confirmations | 0
                    chain: { rpc: "http://a b" }                        | chain.rpc          | a b
                    chain: { accounts: 33 }                             | chain.accounts     | 33
                    chain: { maxFeeGwei: 0 }                            | chain.maxFeeGwei   | 0
                    chain: 7                                            | chain              | node init
                    auth: { operators: "0x12" }                         | auth.operators     | 40 digits
                    auth: { sessionMinutes: 0 }                         | auth.sessionMinutes | 1440
                    store: { kind: s3+redis, redis: { address: "not an address" } } | store.redis.address | address
                    database: { url: "jdbc:mysql://x/y" }               | database.url       | jdbc:postgresql
                    database: { pool: 0, url: "jdbc:postgresql://h/d" } | database.pool      | 0
                    publish: { gateways: "ftp://x" }                    | publish.gateways   | ftp
                    publish: { fileMiB: 0 }                             | publish.fileMiB    | 0
                    publish: { gweiPerHour: -1 }                        | publish.gweiPerHour | -1
                    soup: { audit: sometimes }                          | soup.audit         | sometimes
                    royalty: { settleMinutes: -1 }                      | royalty.settleMinutes | -1
                    traces: { endpoint: "ftp://x" }                     | traces.endpoint    | ftp
                    traces: { sample: 1.5 }                             | traces.sample      | 1.5
                    relayer: { keys: a.json }                           | relayer.passwords  | 1""")
    void everyBadKeyIsNamedByItsPathWithWhatIsWrong(String yaml, String key, String what) throws IOException {
        Path file = Files.writeString(folder.resolve("config.yaml"), yaml + "\n");
        assertThatThrownBy(() -> NodeConfig.load(folder, Optional.empty()))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(key)
                .hasMessageContaining(what)
                .message()
                .doesNotContain("io.bitdelta", "com.fasterxml", "tools.jackson");
    }
}
