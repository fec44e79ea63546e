package io.bitdelta.node.lookup;

import io.bitdelta.contracts.artifact.ContractArtifact;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.web3j.abi.EventEncoder;
import org.web3j.abi.FunctionReturnDecoder;
import org.web3j.abi.TypeReference;
import org.web3j.abi.datatypes.Type;
import org.web3j.protocol.core.methods.response.Log;
import org.web3j.utils.Numeric;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An event as a contract's ABI declares it. A struct of static fields counts as its fields, which is how the ABI encodes it.
 *
 * @param contract the contract's name
 * @param name the event's name
 * @param topic Keccak-256 of its signature, 0x-hex
 * @param parameters in declaration order
 */
record AbiEvent(String contract, String name, String topic, List<Parameter> parameters) {
    /** Made by reflection, which costs more than decoding does. */
    @SuppressWarnings("rawtypes") // web3j's decoder speaks raw types
    private static final Map<String, TypeReference<Type>> REFERENCES = new ConcurrentHashMap<>();

    /**
     * One argument.
     *
     * @param name in the ABI
     * @param type elementary Solidity type, or an array of one
     * @param indexed whether it is a topic
     */
    record Parameter(String name, String type, boolean indexed) {
        @SuppressWarnings("rawtypes") // web3j's decoder speaks raw types
        private TypeReference<Type> reference() {
            return REFERENCES.computeIfAbsent(type, Parameter::reference);
        }

        @SuppressWarnings({"rawtypes", "unchecked"}) // web3j's decoder speaks raw types
        private static TypeReference<Type> reference(String type) {
            try {
                return TypeReference.makeTypeReference(type);
            } catch (ClassNotFoundException unknown) {
                throw new IllegalStateException("no such Solidity type: " + type, unknown);
            }
        }
    }

    AbiEvent {
        parameters = List.copyOf(parameters);
    }

    /** All events of a contract of this project, inherited ones included. */
    static List<AbiEvent> of(String contract) {
        JsonNode abi =
                JsonMapper.shared().readTree(ContractArtifact.load(contract).abi());
        return abi.valueStream()
                .filter(entry -> "event".equals(entry.required("type").stringValue()))
                .map(entry -> parse(contract, entry))
                .toList();
    }

    private static AbiEvent parse(String contract, JsonNode entry) {
        List<Parameter> parameters = new ArrayList<>();
        List<String> types = new ArrayList<>();
        for (JsonNode input : entry.required("inputs")) {
            types.add(canonical(input));
            flatten(input, input.required("indexed").booleanValue(), parameters);
        }
        String name = entry.required("name").stringValue();
        return new AbiEvent(
                contract,
                name,
                EventEncoder.buildEventSignature(name + "(" + String.join(",", types) + ")"),
                parameters);
    }

    private static String canonical(JsonNode input) {
        String type = input.required("type").stringValue();
        if (!type.startsWith("tuple")) {
            return type;
        }
        List<String> inner = input.required("components")
                .valueStream()
                .map(AbiEvent::canonical)
                .toList();
        return "(" + String.join(",", inner) + ")" + type.substring("tuple".length());
    }

    private static void flatten(JsonNode input, boolean indexed, List<Parameter> into) {
        String type = input.required("type").stringValue();
        if (type.equals("tuple")) {
            input.required("components").forEach(component -> flatten(component, indexed, into));
        } else {
            into.add(new Parameter(input.required("name").stringValue(), type, indexed));
        }
    }

    /**
     * The arguments of a log by name; of two with one name the later counts, which is how a header repeats an indexed field.
     *
     * @throws IllegalArgumentException when the log is not one of this event
     */
    @SuppressWarnings("rawtypes") // web3j's decoder speaks raw types
    Map<String, Type<?>> decode(Log log) {
        List<Parameter> inData =
                parameters.stream().filter(parameter -> !parameter.indexed()).toList();
        List<Type> data = FunctionReturnDecoder.decode(
                log.getData(), inData.stream().map(Parameter::reference).toList());
        int topics = parameters.size() - inData.size();
        if (data.size() != inData.size() || log.getTopics().size() != topics + 1) {
            throw new IllegalArgumentException("%s.%s in %s has %d topics and %d arguments instead of %d and %d"
                    .formatted(
                            contract,
                            name,
                            log.getTransactionHash(),
                            log.getTopics().size() - 1,
                            data.size(),
                            topics,
                            inData.size()));
        }
        Map<String, Type<?>> arguments = new LinkedHashMap<>();
        int nextTopic = 1;
        int nextData = 0;
        for (Parameter parameter : parameters) {
            Type<?> value = parameter.indexed()
                    ? FunctionReturnDecoder.decodeIndexedValue(
                            Numeric.prependHexPrefix(log.getTopics().get(nextTopic++)), parameter.reference())
                    : data.get(nextData++);
            arguments.put(parameter.name(), value);
        }
        return arguments;
    }
}
