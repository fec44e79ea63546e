package io.bitdelta.node.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.node.config.NodeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every unsafe or development setting has its sentence, and a safe node has none. */
final class UnsafeSettingsTest {
    private static final String SAFE = """
            chain:
              rpc: https://a.example, https://b.example
            http:
              certificates: /etc/node.pem
              key: /etc/node.key
            auth:
              operators: "0x00000000000000000000000000000000000000aa"
            database:
              url: jdbc:postgresql://db.example/node?sslmode=verify-full
              password: env:PASSWORD
            evidence:
              from: tsm
            traces:
              endpoint: https://collector.example/v1/traces
            """;

    @TempDir
    Path folder;

    private List<String> warnings(String yaml, long chainId) throws IOException {
        Files.writeString(folder.resolve("config.yaml"), yaml);
        return UnsafeSettings.of(NodeConfig.load(folder, Optional.empty()), chainId);
    }

    @Test
    void aSafeNodeHasNothingToReport() throws IOException {
        assertThat(warnings(SAFE, 1)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    rpc: https://a.example, https://b.example | rpc: https://a.example                    | 1     | chain.rpc
                    https://b.example                         | http://b.example                          | 1     | chain.rpc
                    https://b.example                         | https://b.example\\n  confirmations: 2    | 1     | chain.confirmations
                    https://b.example                         | https://b.example                         | 31337 | chain.rpc
                    https://b.example                         | https://b.example                         | 1337  | publish.perDay
                    https://b.example                         | https://b.example                         | 1337  | relayer.keys
                    key: /etc/node.key                        | key: /etc/node.key\\n  cors: '*'          | 1     | http.cors
                    key: /etc/node.key                        | key: /etc/node.key\\n  behindProxy: true  | 1     | http.behindProxy
                    certificates: /etc/node.pem\\n  key: /etc/node.key | port: 1                          | 1     | http.certificates
                    "0x00000000000000000000000000000000000000aa" | ""                                     | 1     | auth.operators
                    auth:                                     | auth:\\n  sessionMinutes: 700             | 1     | auth.sessionMinutes
                    ?sslmode=verify-full                      | ?x=y                                      | 1     | database.url
                    url: jdbc:postgresql://db.example/node?sslmode=verify-full | user: x                  | 1     | database.url
                    password: env:PASSWORD                    | pool: 9                                   | 1     | database.password
                    from: tsm                                 | from: software                            | 1     | evidence.from
                    https://collector.example                 | http://collector.example                  | 1     | traces.endpoint
                    auth:                                     | royalty: { settleMinutes: 0 }\\nauth:      | 1     | royalty.settleMinutes
                    auth:                                     | store: { kind: kubo, kubo: { api: 'http://k.example', authorization: 'env:A' } }\\nauth: | 1 | store.kubo.api
                    auth:                                     | store: { kind: s3+redis, s3: { endpoint: 'http://s.example' } }\\nauth: | 1 | store.s3.endpoint
                    auth:                                     | store: { kind: s3+redis, redis: { address: 'redis://r.example' } }\\nauth: | 1 | store.redis.address""")
    void anUnsafeSettingIsNamed(String safe, String unsafe, long chainId, String key) throws IOException {
        String yaml = SAFE.replace(safe.replace("\\n", "\n"), unsafe.replace("\\n", "\n"));
        assertThat(warnings(yaml, chainId)).anyMatch(sentence -> sentence.startsWith(key + ": "));
    }
}
