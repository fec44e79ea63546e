package io.bitdelta.node.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of the house, held by the build. */
final class HouseRulesTest {
    private static final List<String> MODULES = List.of(
            "io.bitdelta.engine..", "io.bitdelta.ipfs..", "io.bitdelta.attestation..", "io.bitdelta.contracts..");

    private static JavaClasses classes;

    @BeforeAll
    static void importEverything() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.bitdelta");
    }

    @ParameterizedTest
    @ValueSource(strings = {"engine", "ipfs", "attestation", "contracts"})
    void modulesKnowNeitherTheNodeNorEachOther(String module) {
        String own = "io.bitdelta." + module + "..";
        String[] others = MODULES.stream().filter(other -> !other.equals(own)).toArray(String[]::new);
        check(noClasses()
                .that()
                .resideInAPackage(own)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others));
        check(noClasses()
                .that()
                .resideInAPackage(own)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.bitdelta.node.."));
    }

    @Test
    void theEngineKnowsNoNetworkChainDatabaseOrHttp() {
        check(noClasses()
                .that()
                .resideInAPackage("io.bitdelta.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "org.web3j..", "java.sql..", "java.net.http..", "org.jooq.."));
    }

    @Test
    void onlyKernelsUseTheVectorApi() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.bitdelta.engine.kernel..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector.."));
    }

    @Test
    void nothingIsCalledUtilsHelperManagerOrCommon() {
        check(noClasses().should().haveNameMatching(".*(Utils?|Helper|Manager)"));
        check(noClasses().should().resideInAnyPackage("..common..", "..util..", "..utils.."));
    }

    @Test
    void timeIsInjectedAndNothingSleeps() {
        check(noClasses().should().callMethod("java.time.Instant", "now"));
        check(noClasses().should().callMethod("java.lang.Thread", "sleep", "long"));
        check(noClasses().should().callMethod("java.lang.System", "currentTimeMillis"));
    }

    @Test
    void everyPackageSaysWhatItIsAndIsNullMarked() {
        check(classes()
                .that()
                .resideOutsideOfPackage("io.bitdelta.contracts")
                .should(new ArchCondition<JavaClass>("live in a null-marked package") {
                    @Override
                    public void check(JavaClass item, ConditionEvents events) {
                        boolean marked = item.getPackage()
                                .tryGetAnnotationOfType(NullMarked.class)
                                .isPresent();
                        if (!marked) {
                            events.add(SimpleConditionEvent.violated(
                                    item, item.getPackageName() + " has no @NullMarked package-info"));
                        }
                    }
                }));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(classes);
    }
}
