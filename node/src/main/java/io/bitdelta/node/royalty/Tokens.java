package io.bitdelta.node.royalty;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.store.Database;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/** How tokens want their amounts shown; asked once, then kept. */
public final class Tokens {
    private static final Table<Record> TOKEN = table(name("token"));
    private static final Field<String> ADDRESS = field(name("address"), String.class);
    private static final Field<Integer> DECIMALS = field(name("decimals"), Integer.class);
    private static final Field<String> SYMBOL = field(name("symbol"), String.class);
    /** Where a token says nothing usable, its smallest units are shown under the start of its address. */
    private static final int SHORT_ADDRESS = 10;

    private final Database database;
    private final ChainClient chain;

    /** @param database where they are kept */
    public Tokens(Database database, ChainClient chain) {
        this.database = database;
        this.chain = chain;
    }

    /**
     * A token by its address.
     *
     * @throws RoyaltyInputException when there is no contract there
     * @throws io.bitdelta.node.chain.ChainException when the chain is away
     */
    public Token at(EvmAddress address) {
        if (address.hex().equals(RoyaltiesContract.NATIVE)) {
            return Token.nativeCurrency();
        }
        return kept(address).orElseGet(() -> {
            Optional<Token> described = erc20(address).described();
            described.ifPresent(this::keep);
            return described.orElseGet(
                    () -> new Token(address.hex(), 0, address.hex().substring(0, SHORT_ADDRESS)));
        });
    }

    Erc20 erc20(EvmAddress address) {
        return new Erc20(chain, address);
    }

    private Optional<Token> kept(EvmAddress address) {
        return database.sql()
                .select(DECIMALS, SYMBOL)
                .from(TOKEN)
                .where(ADDRESS.eq(address.hex()))
                .fetchOptional(row -> new Token(address.hex(), row.get(DECIMALS), row.get(SYMBOL)));
    }

    private void keep(Token token) {
        database.sql()
                .insertInto(TOKEN)
                .set(ADDRESS, token.address())
                .set(DECIMALS, token.decimals())
                .set(SYMBOL, token.symbol())
                .onConflictDoNothing()
                .execute();
    }
}
