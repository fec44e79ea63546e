package io.bitdelta.node.lookup;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every event of every contract, and the row that it becomes. A contract of the project may not emit what is not listed
 * here; a test compares the list with the contracts.
 *
 * <p>An argument's column has its name in snake case, unless it is renamed here. Arguments of 64 bits and less are numbers,
 * wider ones are text, except for the times among them.
 */
final class EventCatalogue {
    /** Contract names as deployments use them, to the contract whose ABI their address speaks. */
    private static final Map<String, List<String>> SPEAKS = Map.ofEntries(
            entry("IdentityRegistry", List.of("IdentityRegistry")),
            entry("BitDeltaRegistryProxy", List.of("BitDeltaRegistry", "BitDeltaRegistryProxy")),
            entry("RegistryTimelock", List.of("RegistryTimelock")),
            entry("DeltaSoups", List.of("DeltaSoups")),
            entry("BitDeltaRoyalties", List.of("BitDeltaRoyalties")),
            entry("TrainingLedger", List.of("TrainingLedger")),
            entry("QuorumVerifier", List.of("QuorumVerifier")),
            entry("DcapVerifier", List.of("DcapVerifier")));

    /** Times that the ABI gives 256 bits. */
    private static final Map<String, String> TIMES = Map.of(
            "validTo", "valid_to_s",
            "closesAt", "closes_at_s",
            "deadline", "deadline_s",
            "rebutUntil", "rebut_until_s",
            "notBefore", "not_before_s");

    /** Names that SQL or another column has taken. */
    private static final Map<String, String> RENAMED = Map.of("index", "place", "to", "recipient");

    /** Counters that the contracts keep far below what a column holds. */
    private static final Set<String> COUNTERS = Set.of("payee_index", "epoch");

    private static final String GOVERNANCE = "governance_event";

    private final Map<String, List<EventRow>> byDeployedName;

    private EventCatalogue(Map<String, List<EventRow>> byDeployedName) {
        this.byDeployedName = byDeployedName;
    }

    /** All of it. */
    static EventCatalogue standard() {
        Listing all = new Listing();
        all.contract("IdentityRegistry")
                .row("DIDOwnerChanged", "identity_event", Map.of("owner", "value"), kind("owner", "name", ""))
                .row(
                        "DIDDelegateChanged",
                        "identity_event",
                        Map.of("delegateType", "name", "delegate", "value"),
                        kind("delegate"))
                .row("DIDAttributeChanged", "identity_event", Map.of(), kind("attribute"));
        all.contract("BitDeltaRegistry")
                .row("DeltaPublished", "delta")
                .row("DeltaRevoked", "revocation")
                .row("EvidenceRecorded", "evidence_record")
                .row("BaseClaimed", "base_claim")
                .row("CapLowered", "privacy_cap")
                .governance(
                        "VerifierTrusted",
                        "WritesPaused",
                        "GuardianChanged",
                        "OwnershipTransferred",
                        "Initialized",
                        "Upgraded");
        all.contract("BitDeltaRegistryProxy").governance("Upgraded");
        all.contract("RegistryTimelock")
                .governance(
                        "CallExecuted",
                        "CallSalt",
                        "CallScheduled",
                        "Cancelled",
                        "MinDelayChange",
                        "RoleAdminChanged",
                        "RoleGranted",
                        "RoleRevoked");
        all.contract("DeltaSoups")
                .row("Proposed", "soup")
                .row("Finalized", "soup_final")
                .row("ConsentGiven", "consent_event", Map.of(), kind("given"))
                .row("ConsentWithdrawn", "consent_event", Map.of(), kind("withdrawn"))
                .row("Demanded", "demand")
                .row("Answered", "demand_answer")
                .row("Held", "demand_end", Map.of("toProposer", "amount"), kind("held", "account", ""))
                .row("Refunded", "demand_end", Map.of("challenger", "account"), kind("refunded", "burnt", "0"))
                .row("Slashed", "slash")
                .row("Withdrawn", "bond_withdrawal");
        all.contract("BitDeltaRoyalties")
                .row("Opened", "royalty_opening")
                .row("Paid", "payment")
                .row("Claimed", "claim", Map.of("index", "payee_index"), Map.of())
                .row("Pulled", "pull", Map.of("index", "payee_index"), Map.of())
                .row("Deposited", "escrow_event", Map.of("received", "amount"), kind("deposited"))
                .row("WithdrawalRequested", "escrow_event", Map.of(), kind("requested"))
                .row("EscrowWithdrawn", "escrow_event", Map.of(), kind("withdrawn"))
                .row("VoucherSettled", "voucher_settlement")
                .row("VoucherSkipped", "voucher_skip");
        all.contract("TrainingLedger")
                .row("ModelForked", "ledger_fork")
                .row("TrainingRecorded", "ledger_epoch")
                .row("ModelExported", "ledger_export");
        all.contract("QuorumVerifier")
                .governance(
                        "OperatorsChanged",
                        "MeasurementAllowed",
                        "SessionKeyRegistered",
                        "SessionKeyEnded",
                        "OwnershipTransferred");
        all.contract("DcapVerifier").governance("KeyRegistered", "KeyEnded", "MeasurementAllowed");
        return all.catalogue();
    }

    /** The names of deployed contracts whose events are read. */
    static Set<String> followed() {
        return SPEAKS.keySet();
    }

    /** The row of an event that a deployed contract emitted. */
    Optional<EventRow> find(String deployedName, String topic) {
        return byDeployedName.getOrDefault(deployedName, List.of()).stream()
                .filter(row -> row.event().topic().equals(topic))
                .findFirst();
    }

    /** Every listed event once per contract that declares it. */
    Collection<EventRow> rows() {
        return byDeployedName.values().stream().flatMap(List::stream).toList();
    }

    /** Names of all tables that events go to. */
    Set<String> tables() {
        return rows().stream().map(EventRow::table).collect(Collectors.toUnmodifiableSet());
    }

    private static Map<String, String> kind(String kind, String... more) {
        Map<String, String> constants = new LinkedHashMap<>();
        constants.put("kind", kind);
        for (int i = 0; i < more.length; i += 2) {
            constants.put(more[i], more[i + 1]);
        }
        return constants;
    }

    /** Collects rows, contract by contract. */
    private static final class Listing {
        private final Map<String, List<EventRow>> byContract = new HashMap<>();
        private Map<String, AbiEvent> events = Map.of();
        private @Nullable List<EventRow> rows;

        Listing contract(String name) {
            events = AbiEvent.of(name).stream().collect(Collectors.toMap(AbiEvent::name, event -> event));
            rows = byContract.computeIfAbsent(name, absent -> new ArrayList<>());
            return this;
        }

        Listing row(String event, String table) {
            return row(event, table, Map.of(), Map.of());
        }

        Listing row(String event, String table, Map<String, String> renamed, Map<String, String> constants) {
            AbiEvent declared = declared(event);
            Map<String, EventRow.Column> columns = new LinkedHashMap<>();
            for (AbiEvent.Parameter parameter : declared.parameters()) {
                columns.put(parameter.name(), column(parameter, renamed));
            }
            return add(new EventRow(declared, table, columns, constants));
        }

        /** Events that are kept whole, as JSON. */
        Listing governance(String... names) {
            for (String name : names) {
                AbiEvent declared = declared(name);
                add(new EventRow(declared, GOVERNANCE, Map.of(), Map.of()));
            }
            return this;
        }

        private Listing add(EventRow row) {
            if (rows == null) {
                throw new IllegalStateException("an event before its contract");
            }
            rows.add(row);
            return this;
        }

        private AbiEvent declared(String event) {
            AbiEvent found = events.get(event);
            if (found == null) {
                throw new IllegalStateException("no contract of this project declares " + event);
            }
            return found;
        }

        private static EventRow.Column column(AbiEvent.Parameter parameter, Map<String, String> renamed) {
            String time = TIMES.get(parameter.name());
            if (time != null) {
                return new EventRow.Column(time, EventRow.Form.NUMBER);
            }
            String name = renamed.getOrDefault(
                    parameter.name(), RENAMED.getOrDefault(parameter.name(), snake(parameter.name())));
            boolean number = COUNTERS.contains(name) || (parameter.type().startsWith("uint") && bits(parameter) <= 64);
            return new EventRow.Column(name, number ? EventRow.Form.NUMBER : EventRow.Form.TEXT);
        }

        private static int bits(AbiEvent.Parameter parameter) {
            return Integer.parseInt(parameter.type().substring("uint".length()));
        }

        private static String snake(String camel) {
            StringBuilder snake = new StringBuilder();
            for (int i = 0; i < camel.length(); i++) {
                char letter = camel.charAt(i);
                if (Character.isUpperCase(letter)) {
                    snake.append('_');
                }
                snake.append(Character.toLowerCase(letter));
            }
            return snake.toString();
        }

        EventCatalogue catalogue() {
            Map<String, List<EventRow>> byDeployedName = new LinkedHashMap<>();
            SPEAKS.forEach((deployed, contracts) -> byDeployedName.put(
                    deployed,
                    contracts.stream()
                            .flatMap(contract -> byContract.getOrDefault(contract, List.of()).stream())
                            .toList()));
            return new EventCatalogue(byDeployedName);
        }
    }
}
