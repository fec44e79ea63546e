package io.bitdelta.node.local;

import io.bitdelta.attestation.sign.Keystore;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.node.config.ConfigException;
import io.bitdelta.node.config.RelayerConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Opens the keystores of the accounts that send and pay. */
final class RelayerKeys {
    private RelayerKeys() {}

    /**
     * The keys in the configured order.
     *
     * @throws ConfigException when two keystores hold the same account
     * @throws IOException when a keystore or a password cannot be read
     */
    static List<Secp256k1Key> of(RelayerConfig config) throws IOException {
        List<Secp256k1Key> keys = new ArrayList<>();
        for (RelayerConfig.Account account : config.accounts()) {
            Secp256k1Key key =
                    Keystore.open(account.keystore(), account.password().read().toCharArray());
            if (keys.stream().anyMatch(known -> known.address().equals(key.address()))) {
                throw new ConfigException("relayer.keys: %s holds the account %s, which another keystore holds too"
                        .formatted(account.keystore(), key.address()));
            }
            keys.add(key);
        }
        return keys;
    }
}
