import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.web3j.codegen.SolidityFunctionWrapperGenerator;

/**
 * Generates the Java bindings of all contracts in one JVM. Runs as a source file on the code generator's own class path:
 * it needs Jackson 2, the bindings run on Jackson 3.
 *
 * <p>Arguments: folder of ABI and bytecode files, list of contracts, output folder, stamp to copy.
 */
final class GenerateBindings {
    private static final String PACKAGE = "io.bitdelta.contracts";

    private GenerateBindings() {}

    public static void main(String[] arguments) throws IOException {
        Path codegen = Path.of(arguments[0]);
        List<String> contracts = Files.readAllLines(Path.of(arguments[1]));
        Path out = Path.of(arguments[2]);
        Path stamp = Path.of(arguments[3]);
        Path folder = out.resolve(PACKAGE.replace('.', '/'));
        if (Files.exists(folder)) {
            try (var old = Files.list(folder)) {
                for (Path file : old.toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.createDirectories(folder);
        for (String name : contracts) {
            SolidityFunctionWrapperGenerator.main(new String[] {
                "-a", codegen.resolve(name + ".abi").toString(),
                "-b", codegen.resolve(name + ".bin").toString(),
                "-c", name,
                "-o", out.toString(),
                "-p", PACKAGE
            });
            Path file = folder.resolve(name + ".java");
            // Generated code is full of raw types; hand-written code has no such excuse.
            String source = Files.readString(file)
                    .replace(
                            "@SuppressWarnings(\"rawtypes\")",
                            "@SuppressWarnings({\"rawtypes\", \"unchecked\", \"deprecation\", \"serial\", \"cast\", \"this-escape\"})");
            Files.writeString(file, source);
        }
        Files.copy(stamp, out.resolve("stamp"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
}
