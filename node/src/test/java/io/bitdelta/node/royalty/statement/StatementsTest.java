package io.bitdelta.node.royalty.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.royalty.Claims;
import io.bitdelta.node.royalty.RoyaltyHouse;
import io.bitdelta.node.royalty.Token;
import io.bitdelta.node.royalty.ledger.IdentityLedger;
import io.bitdelta.node.royalty.ledger.Moment;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** What stands in statements. */
final class StatementsTest {
    private static final EvmAddress ALICE = RoyaltyHouse.identity(1);
    private static final LuxDid DID = new LuxDid(31337, ALICE);
    private static final Token TOKEN = new Token("0x1111111111111111111111111111111111111111", 6, "USD");

    @TempDir
    Path folder;

    @Test
    void periodsJoinWithoutGapAndTheSameChainGivesTheSameBytes() throws IOException {
        try (RoyaltyHouse house = RoyaltyHouse.open(folder)) {
            Bytes32 soup = house.soup(RoyaltyHouse.shares(List.of(ALICE, RoyaltyHouse.identity(2)), 333_333_333));
            house.pay(soup, house.token(), 1_000);
            house.pay(soup, house.token(), 1_000);
            house.node().catchUp();
            Claims claims = house.royalties().claims();
            claims.claim(claims.plan(ALICE, Optional.empty()));
            house.node().embeddedChain().orElseThrow().advanceClock(3_600);
            Instant cut = Instant.ofEpochSecond(house.chain().head().timestamp());
            house.node().embeddedChain().orElseThrow().advanceClock(3_600);
            house.pay(soup, house.token(), 1_000);
            house.node().catchUp();
            Instant end = Instant.ofEpochSecond(house.chain().head().timestamp() + 1);

            Statements statements = house.royalties().statements();
            Statement.Section first = only(statements.of(DID, Optional.empty(), Instant.EPOCH, cut));
            Statement.Section second = only(statements.of(DID, Optional.empty(), cut, end));
            assertThat(first.opening()).isZero();
            assertThat(first.lines())
                    .extracting(Statement.Line::cause)
                    .containsExactly(
                            IdentityLedger.Cause.PAYMENT, IdentityLedger.Cause.PAYMENT, IdentityLedger.Cause.CLAIM);
            assertThat(first.lines())
                    .extracting(Statement.Line::amount)
                    .containsExactly(BigInteger.valueOf(333), BigInteger.valueOf(333), BigInteger.valueOf(-666));
            assertThat(second.opening()).isEqualTo(first.closing()).isZero();
            assertThat(second.lines()).extracting(Statement.Line::amount).containsExactly(BigInteger.valueOf(333));
            assertThat(second.token().symbol()).isEqualTo("DEV");

            Statement whole = statements.of(DID, Optional.empty(), Instant.EPOCH, end);
            String csv = StatementCsv.of(whole);
            String json = JsonMapper.shared().writeValueAsString(StatementView.of(whole));
            assertThat(csv.lines()).hasSize(1 + 2 + 4);
            assertThat(csv).contains("\r\n").endsWith("\r\n").contains(",-666,");
            Statement again = house.royalties().statements().of(DID, Optional.empty(), Instant.EPOCH, end);
            assertThat(StatementCsv.of(again)).isEqualTo(csv);
            assertThat(JsonMapper.shared().writeValueAsString(StatementView.of(again)))
                    .isEqualTo(json);
            assertThatThrownBy(() -> statements.of(DID, Optional.empty(), end, cut))
                    .isInstanceOf(PeriodException.class)
                    .hasMessageContaining(cut.toString());
        }
    }

    private static Statement.Section only(Statement statement) {
        assertThat(statement.sections()).hasSize(1);
        return statement.sections().getFirst();
    }

    @Test
    void aSectionThatDoesNotReconcileCannotBe() {
        Moment at = new Moment(1, 0, "0x00", Instant.EPOCH);
        Statement.Line line = new Statement.Line(
                at, IdentityLedger.Cause.PAYMENT, Bytes32.ZERO, 0, "0x00", BigInteger.TEN, BigInteger.TEN);
        assertThat(new Statement.Section(TOKEN, BigInteger.ZERO, List.of(line), BigInteger.TEN).closing())
                .isEqualTo(BigInteger.TEN);
        assertThatThrownBy(() -> new Statement.Section(TOKEN, BigInteger.ONE, List.of(line), BigInteger.TEN))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new Statement.Section(TOKEN, BigInteger.ZERO, List.of(line), BigInteger.ONE))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void fieldsAreQuotedByTheRfc() {
        assertThat(StatementCsv.field("plain")).isEqualTo("plain");
        assertThat(StatementCsv.field("a,b")).isEqualTo("\"a,b\"");
        assertThat(StatementCsv.field("say \"so\"")).isEqualTo("\"say \"\"so\"\"\"");
        assertThat(StatementCsv.field("two\r\nlines")).isEqualTo("\"two\r\nlines\"");
    }

    @Test
    void amountsAreShownExactlyAndSymbolsAreNoFormulas() {
        assertThat(TOKEN.shown(BigInteger.ONE)).isEqualTo("0.000001");
        assertThat(TOKEN.shown(new BigInteger("-1234567"))).isEqualTo("-1.234567");
        assertThat(new Token(TOKEN.address(), 0, "X").shown(BigInteger.TEN.pow(30)))
                .isEqualTo("1" + "0".repeat(30));
        assertThatThrownBy(() -> new Token(TOKEN.address(), 6, "=cmd()")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Token(TOKEN.address(), 6, "a,b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Token(TOKEN.address(), 99, "X")).isInstanceOf(IllegalArgumentException.class);
    }
}
