package io.bitdelta.node.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.contracts.artifact.ContractArtifact;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.DatabaseKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The index knows every event that the contracts can emit, and has a column for every argument. */
final class EventCatalogueTest {
    /** Money of tests, not of the protocol: its transfers are nobody's royalties. */
    private static final Set<String> NOT_FOLLOWED = Set.of("DevelopmentToken");

    @TempDir
    Path folder;

    @Test
    void everyEventOfEveryContractHasARow() throws IOException {
        Set<String> declared = contracts().stream()
                .filter(contract -> !NOT_FOLLOWED.contains(contract))
                .flatMap(contract -> AbiEvent.of(contract).stream())
                .map(event -> event.contract() + "." + event.name() + " " + event.topic())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> listed = EventCatalogue.standard().rows().stream()
                .map(row -> row.event().contract() + "." + row.event().name() + " "
                        + row.event().topic())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(declared).hasSizeGreaterThan(40);
        assertThat(listed).isEqualTo(declared);
    }

    /** The contracts of the source folder, so that a new one is noticed even before it is deployed. */
    private static List<String> contracts() throws IOException {
        Path sources = Path.of(System.getProperty("bitdelta.home"), "contracts", "src");
        try (Stream<Path> files = Files.list(sources)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".sol"))
                    .map(name -> name.substring(0, name.length() - ".sol".length()))
                    .filter(EventCatalogueTest::isDeployable)
                    .sorted()
                    .toList();
        }
    }

    private static boolean isDeployable(String contract) {
        return !ContractArtifact.load(contract).bytecode().equals("0x");
    }

    @Test
    void noTwoEventsOfOneAddressHaveTheSameTopicAndDifferentRows() {
        EventCatalogue catalogue = EventCatalogue.standard();
        for (String name : EventCatalogue.followed()) {
            for (EventRow row : catalogue.rows()) {
                catalogue
                        .find(name, row.event().topic())
                        .ifPresent(found -> assertThat(found.event().name())
                                .isEqualTo(row.event().name()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(DatabaseKind.class)
    void everyArgumentHasAColumnInItsTable(DatabaseKind kind) {
        try (Database database = kind.open(folder.resolve("columns.sqlite"))) {
            for (EventRow row : EventCatalogue.standard().rows()) {
                Set<String> columns = Stream.of(database.sql()
                                .resultQuery("select * from " + row.table())
                                .fetch()
                                .fields())
                        .map(field -> field.getName())
                        .collect(Collectors.toSet());
                if (!row.columns().isEmpty()) {
                    assertThat(row.columns().keySet())
                            .as(row.event().name())
                            .containsAll(row.event().parameters().stream()
                                    .map(AbiEvent.Parameter::name)
                                    .toList());
                }
                assertThat(columns)
                        .as("%s in %s", row.event().name(), row.table())
                        .containsAll(row.fields().stream()
                                .map(org.jooq.Field::getName)
                                .toList());
                assertThat(database.sql().fetchCount(DSL.table(DSL.name(row.table()))))
                        .isZero();
            }
        }
    }
}
