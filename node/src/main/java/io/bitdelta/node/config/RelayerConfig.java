package io.bitdelta.node.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.bitdelta.ipfs.Secret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The accounts that send and pay for transactions. Passwords are named ({@code env:NAME}, {@code file:/path}), never written
 * here.
 *
 * @param accounts in order: the first for everything, the others for publications too; empty on a test chain, which makes
 *     its own
 */
public record RelayerConfig(List<Account> accounts) {
    /**
     * One account.
     *
     * @param keystore its keystore file
     * @param password where the file's password is
     */
    public record Account(Path keystore, Secret password) {}

    /** Copies the accounts; no keystore twice. */
    public RelayerConfig {
        accounts = List.copyOf(accounts);
        if (accounts.stream().map(Account::keystore).distinct().count() < accounts.size()) {
            throw new IllegalArgumentException("relayer.keys: the same keystore twice");
        }
    }

    @JsonCreator
    static RelayerConfig of(
            @JsonProperty("keys") @Nullable String keys, @JsonProperty("passwords") @Nullable String passwords) {
        List<String> files = HttpConfig.list(keys);
        List<String> references = HttpConfig.every(passwords);
        if (files.size() != references.size()) {
            throw new IllegalArgumentException(
                    "relayer.passwords: %d, but relayer.keys are %d: each key has its own, in the same order"
                            .formatted(references.size(), files.size()));
        }
        List<Account> accounts = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            accounts.add(new Account(Path.of(files.get(i)), secret(references.get(i))));
        }
        return new RelayerConfig(accounts);
    }

    static RelayerConfig none() {
        return new RelayerConfig(List.of());
    }

    private static Secret secret(String reference) {
        try {
            return Secret.parse(reference);
        } catch (IllegalArgumentException malformed) {
            // Without the text: somebody may have written the password itself.
            throw new IllegalArgumentException(
                    "relayer.passwords: write env:NAME or file:/path, not the password itself", malformed);
        }
    }
}
