package io.bitdelta.node.soup;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.NodeFixture;
import io.bitdelta.node.publish.OwnerSigner;
import io.bitdelta.node.publish.PublishRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;

/** A published delta and the key of its owner, who consents to whatever is asked. */
public record Contribution(Bytes32 deltaId, Path file, OwnerSigner owner) {
    /** A shipped user's delta, published by a new owner. */
    public static Contribution publish(LocalNode node, String user, String intent, Path folder) throws IOException {
        Path delta = NodeFixture.delta(user, folder);
        OwnerSigner owner = NodeFixture.signer(Secp256k1Key.generate(new SecureRandom()));
        String id = node.publishing()
                .publish(new PublishRequest(intent, delta, "tiny-qwen3", "full"), owner)
                .deltaId();
        return new Contribution(Bytes32.of(id), delta, owner);
    }

    /** Everybody's consent. */
    public static MemberList consents(SoupService soups, String intent, List<Contribution> members) throws IOException {
        Bytes32 base = Bytes32.of(DeltaFile.readHeader(members.getFirst().file())
                .metadata()
                .baseHash()
                .bytes());
        List<Bytes32> ids = members.stream().map(Contribution::deltaId).toList();
        for (ConsentRequest request : soups.consents().ask(intent, intent, ids, base)) {
            Contribution member = members.stream()
                    .filter(each -> each.deltaId().equals(request.message().deltaId()))
                    .findFirst()
                    .orElseThrow();
            soups.consents()
                    .give(
                            intent,
                            member.deltaId(),
                            member.owner()
                                    .sign(request.message()
                                            .digest(soups.consents().domain())));
        }
        return soups.consents().of(intent);
    }

    /** Their honest soup. */
    public static SoupService.Proposed propose(
            SoupService soups, String intent, List<Contribution> members, Path soupFile) throws IOException {
        consents(soups, intent, members);
        return soups.propose(
                intent,
                members.stream()
                        .map(member -> new SoupMember(member.deltaId(), member.file()))
                        .toList(),
                soupFile);
    }
}
