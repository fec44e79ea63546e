// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IBitDeltaRoyalties } from "../src/interfaces/IBitDeltaRoyalties.sol";
import { Delta, Record } from "../src/types/Delta.sol";
import { Case, CaseKind, CaseStatus, Rules, SoupStatus } from "../src/types/Soup.sol";
import { House } from "./harness/House.sol";
import { Kitchen } from "./harness/Kitchen.sol";
import { Stall } from "./harness/Stall.sol";
import { CallbackToken, FeeToken, PlainToken } from "./harness/Tokens.sol";
import { Tree } from "./harness/Trees.sol";

/// @notice Remembers what must not happen. A crowd's calls may revert, and a revert would forget an assertion in them.
abstract contract Witness {
    string public broken;

    function require_(bool condition, string memory what) internal {
        if (!condition) {
            broken = what;
        }
    }

    function nothingBroken() public view {
        require(bytes(broken).length == 0, broken);
    }
}

/// @notice Everybody who can touch the royalties, honest or not.
contract RoyaltiesCrowd is Stall, Witness {
    Table[] private tables;
    address[4] public tokens;
    mapping(bytes32 soupId => mapping(address token => uint256)) public paidOut;

    constructor() {
        deploy();
        tokens = [address(0), address(new PlainToken()), address(new FeeToken()), address(new CallbackToken())];
        for (uint256 i = 1; i < 4; ++i) {
            PlainToken(tokens[i]).mint(payer, 1e30);
            PlainToken(tokens[i]).mint(alice, 1e30);
            vm.prank(payer);
            PlainToken(tokens[i]).approve(address(royalties), type(uint256).max);
            vm.prank(alice);
            PlainToken(tokens[i]).approve(address(royalties), type(uint256).max);
        }
        vm.deal(alice, 1e30);
        keep(open(uniform(3)));
        keep(open(uniform(7)));
        // Everybody gets everything.
        Payment[] memory greedy = new Payment[](3);
        for (uint256 i; i < 3; ++i) {
            greedy[i] = Payment(0, bytes32(uint256(uint160(person(i)))), 0, 1e9);
        }
        keep(open(greedy));
        // A child of the first, and one of that: money that travels twice.
        for (uint256 k; k < 2; ++k) {
            Payment[] memory nested = new Payment[](2);
            nested[0] = Payment(0, bytes32(uint256(uint160(person(9)))), 0, 333_333_333);
            nested[1] = Payment(1, tables[k == 0 ? 0 : 3].soupId, 333_333_333, 1e9);
            keep(open(nested));
        }
    }

    function keep(Table memory t) private {
        tables.push();
        Table storage kept = tables[tables.length - 1];
        kept.soupId = t.soupId;
        kept.leaves = t.leaves;
        for (uint256 i; i < t.payments.length; ++i) {
            kept.payments.push(t.payments[i]);
        }
    }

    function pay(uint256 soup, uint256 token, uint256 amount) external {
        amount = bound(amount, 1, 1e24);
        address t = tokens[token % 4];
        vm.prank(payer);
        royalties.pay{ value: t == address(0) ? amount : 0 }(tables[soup % 5].soupId, t, amount);
    }

    function draw(uint256 soup, uint256 token, uint256 index) external {
        Table memory t = tables[soup % 5];
        index %= t.payments.length;
        Payment memory p = t.payments[index];
        address k = tokens[token % 4];
        bytes32[] memory proof = Tree.proof(t.leaves, index);
        paidOut[
            t.soupId
        ][
            k
        ] += p.kind == 0
            ? royalties.claim(t.soupId, k, index, address(uint160(uint256(p.who))), p.start, p.end, proof)
            : royalties.pull(t.soupId, k, index, p.who, p.start, p.end, proof);
    }

    /// @notice A claim with an interval that is not the payee's.
    function steal(uint256 soup, uint256 token, uint256 index, uint256 start, uint256 end) external {
        Table memory t = tables[soup % 5];
        index %= t.payments.length;
        address who = address(uint160(uint256(t.payments[index].who)));
        if (start != t.payments[index].start || end != t.payments[index].end) {
            royalties.claim(t.soupId, tokens[token % 4], index, who, start, end, Tree.proof(t.leaves, index));
            require_(false, "2: an interval that is not in the tree was paid");
        }
    }

    function deposit(uint256 token, uint256 amount) external {
        amount = bound(amount, 1, 1e24);
        address t = tokens[token % 4];
        vm.prank(alice);
        royalties.deposit{ value: t == address(0) ? amount : 0 }(t, amount);
    }

    function settle(uint256 soup, uint256 token, uint256 cumulative) external {
        IBitDeltaRoyalties.Voucher[] memory list = new IBitDeltaRoyalties.Voucher[](1);
        list[0] = IBitDeltaRoyalties.Voucher(
            tables[soup % 5].soupId, tokens[token % 4], alice, uint128(bound(cumulative, 0, 1e24)), type(uint64).max
        );
        royalties.settle(list, voucherSignature(ALICE_KEY, list[0]));
    }

    function takeOut(uint256 token, uint256 amount, bool wait) external {
        address t = tokens[token % 4];
        (uint128 held, uint128 announced,) = royalties.escrow(alice, t);
        vm.prank(alice);
        if (announced == 0) {
            royalties.requestWithdraw(t, bound(amount, 0, held));
        } else {
            if (wait) {
                vm.warp(clock() + ESCROW_DELAY);
            }
            vm.prank(alice);
            royalties.withdraw(t);
        }
    }

    function deactivate(uint256 who) external {
        address identity = person(who % 3 + 4);
        vm.prank(identity);
        identities.changeOwner(identity, address(0));
    }

    // ---- what must always hold

    function solvent() external view {
        for (uint256 k; k < 4; ++k) {
            address t = tokens[k];
            (uint256 owed,,) = royalties.escrow(alice, t);
            for (uint256 i; i < tables.length; ++i) {
                (uint128 received, uint128 paid) = royalties.pot(tables[i].soupId, t);
                isTrue(paid <= received, "2: paid <= received");
                owed += received - paid;
                uint256 claimed;
                for (uint256 p; p < tables[i].payments.length; ++p) {
                    claimed += royalties.claimed(tables[i].soupId, t, p);
                }
                eq(claimed, paid, "3: sum of claimed = paid");
                eq(paidOut[tables[i].soupId][t], paid, "3: what went out = paid");
            }
            uint256 held = t == address(0) ? address(royalties).balance : PlainToken(t).balanceOf(address(royalties));
            eq(held, owed, "1: balance = pots + escrow");
        }
    }

    function dust() external view {
        for (uint256 k; k < 4; ++k) {
            for (uint256 i; i < 2; ++i) {
                (uint128 received,) = royalties.pot(tables[i].soupId, tokens[k]);
                uint256 shares_;
                uint256 n = tables[i].payments.length;
                for (uint256 p; p < n; ++p) {
                    Payment memory payment = tables[i].payments[p];
                    shares_ += uint256(received) * (payment.end - payment.start) / 1e9;
                }
                isTrue(received - shares_ < n, "3: residue < n");
            }
        }
    }
}

/// @notice Proposers, challengers and spammers around the soups.
contract SoupsCrowd is Kitchen, Witness {
    struct Served {
        uint40 snapshot;
        bool fraud;
        uint32 salt;
    }

    bytes32[] public proposed;
    mapping(bytes32 soupId => Served) private served_;
    mapping(bytes32 soupId => bool) public wasFinal;
    mapping(bytes32 soupId => bool) public wasSlashed;
    uint32 private salts;

    constructor() {
        deploy();
        membersOf(3, 42);
        vm.warp(clock() + LAG + 1);
    }

    function brew(Served memory s) private view returns (Brew memory b) {
        Member[] memory members = new Member[](3);
        for (uint256 i; i < 3; ++i) {
            Member memory m = memberOf(0xC0FFEE + i, uint256(keccak256(abi.encode(uint256(42), i))));
            uint256 place = i;
            for (; place > 0 && members[place - 1].id > m.id; --place) {
                members[place] = members[place - 1];
            }
            members[place] = m;
        }
        b = cook(members, Rules.MAJORITY, 0);
        b.header.snapshot = s.snapshot;
        b.header.manifestDigest = bytes32(uint256(s.salt));
        if (s.fraud) {
            setWord(b.signs, 0, getWord(b.signs, 0) ^ 1);
        }
        seal(b);
    }

    function pick(uint256 i) private view returns (Brew memory b) {
        require(proposed.length != 0);
        return brew(served_[proposed[i % proposed.length]]);
    }

    function proposeSoup(bool fraud) external {
        Served memory s = Served(uint40(clock() - LAG), fraud, ++salts);
        Brew memory b = brew(s);
        propose(b);
        proposed.push(b.soupId);
        served_[b.soupId] = s;
    }

    function challenge(uint256 i, uint256 word, uint256 kind) external {
        Brew memory b = pick(i);
        kind = kind % 3;
        uint256 bond = bondFor(kind == 0 ? 1 : kind == 1 ? 3 : 4, b) + word % 1 gwei;
        vm.prank(alice);
        if (kind == 0) {
            soups.challenge{ value: bond }(b.soupId, b.header, 0, 0, uint8(word % 2));
        } else if (kind == 1) {
            soups.openMember{ value: bond }(b.soupId, b.header, uint32(word % 3));
        } else {
            soups.openWeight{ value: bond }(b.soupId, b.header, uint32(word % 3));
        }
    }

    function answer(uint256 id) external {
        require(soups.cases() != 0);
        id = id % soups.cases() + 1;
        Case memory c = soups.caseOf(id);
        Brew memory b = brew(served_[c.soupId]);
        if (c.kind == CaseKind.Vote) {
            soups.answer(id, b.header, wordsOf(b.members, 0, c.position), b.signs, noProof, "", noProof);
            require_(!(served_[c.soupId].fraud && c.position == 0), "7: a fraud was answered");
        } else {
            Member memory m = b.members[c.index];
            soups.showMember(
                id,
                b.header,
                m.delta,
                Tree.proof(b.memberLeaves, c.index),
                m.roots,
                b.header.snapshot,
                consentSignature(b, c.index, b.header.snapshot),
                Tree.proof(b.weightLeaves, c.index)
            );
        }
    }

    function conclude(uint256 id, uint256 what) external {
        require(soups.cases() != 0);
        id = id % soups.cases() + 1;
        Case memory c = soups.caseOf(id);
        if (what % 3 == 0) {
            soups.settle(id);
        } else if (what % 3 == 1) {
            soups.refund(id);
        } else {
            soups.timeout(id, brew(served_[c.soupId]).header);
        }
    }

    function finish(uint256 i) external {
        Brew memory b = pick(i);
        soups.finalize(b.soupId, b.header);
    }

    function joinRevokeAndSlash(uint256 i, uint256 member) external {
        Brew memory b = pick(i);
        member = member % 3;
        bytes32[] memory proof = Tree.proof(b.memberLeaves, member);
        vm.prank(b.members[member].delta.identity);
        try registry.revoke(b.members[member].id) { } catch { }
        vm.prank(address(0xBAD));
        try soups.slashUnqualified(b.soupId, b.header, uint32(member), b.members[member].id, proof) {
            uint256 revokedAt = registry.record(b.members[member].id).revokedAt;
            require_(revokedAt != 0 && revokedAt <= b.header.snapshot, "an honest proposer was slashed");
        } catch { }
    }

    function collect(uint256 who) external {
        soups.withdraw(who % 3 == 0 ? alice : who % 3 == 1 ? carol : address(0xBAD));
    }

    function wait(uint256 time) external {
        vm.warp(clock() + bound(time, 1, 30 hours));
    }

    // ---- what must always hold

    function bonds() external view {
        uint256 owed = soups.credit(alice) + soups.credit(carol) + soups.credit(address(0xBAD));
        for (uint256 i; i < proposed.length; ++i) {
            if (soups.soup(proposed[i]).status == SoupStatus.Proposed) {
                owed += BOND;
            }
        }
        uint256[] memory openOf = new uint256[](proposed.length);
        for (uint256 id = 1; id <= soups.cases(); ++id) {
            Case memory c = soups.caseOf(id);
            if (c.status == CaseStatus.Demanded || c.status == CaseStatus.Answered) {
                owed += c.bond;
                for (uint256 i; i < proposed.length; ++i) {
                    if (proposed[i] == c.soupId) {
                        ++openOf[i];
                    }
                }
            }
        }
        eq(address(soups).balance, owed, "6: every bond is held once or paid once");
        for (uint256 i; i < proposed.length; ++i) {
            if (soups.soup(proposed[i]).status == SoupStatus.Proposed) {
                eq(soups.soup(proposed[i]).openCases, openOf[i], "6: open cases are counted");
            }
        }
    }

    function finality() external view {
        for (uint256 i; i < proposed.length; ++i) {
            bool isFinal = soups.soup(proposed[i]).status == SoupStatus.Final;
            eq(royalties.weightsRoot(proposed[i]) != 0 ? 1 : 0, isFinal ? 1 : 0, "6: what is paid is what is final");
        }
    }
}

/// @notice Publishers, delegates and strangers around the registry.
contract RegistryCrowd is House, Witness {
    bytes32[] public known;
    mapping(bytes32 deltaId => Record) private first;
    uint256[3] private keys = [ALICE_KEY, BOB_KEY, CAROL_KEY];

    constructor() {
        deploy();
    }

    function publish(uint256 actor, uint256 identity, uint256 seed, bool bySignature) external {
        address who = vm.addr(keys[identity % 3]);
        Delta memory d = deltaOf(who, seed % 12);
        bytes32 head = registry.head(who, BASE);
        bytes32 id = deltaId(d);
        (, bool allowed) = identities.authority(who, PUBLISH, vm.addr(keys[actor % 3]));
        bool fresh = registry.record(id).publishedAt == 0;
        bool done;
        if (bySignature) {
            bytes memory signature = sign(keys[actor % 3], publishDigest(id, head, clock()));
            try registry.publishBySig(d, head, 0, address(0), "", clock(), signature) {
                done = true;
            } catch { }
        } else {
            vm.prank(vm.addr(keys[actor % 3]));
            try registry.publish(d, head, 0, address(0), "") {
                done = true;
            } catch { }
        }
        require_(done == (allowed && fresh), "4: only controller or delegate, only once");
        if (done) {
            known.push(id);
            first[id] = registry.record(id);
        }
    }

    function revoke(uint256 actor, uint256 i) external {
        require(known.length != 0);
        bytes32 id = known[i % known.length];
        Record memory r = registry.record(id);
        (, bool allowed) = identities.authority(r.identity, PUBLISH, vm.addr(keys[actor % 3]));
        vm.prank(vm.addr(keys[actor % 3]));
        try registry.revoke(id) {
            require_(allowed && r.revokedAt == 0, "4: only controller or delegate, only once");
            first[id].revokedAt = uint40(clock());
        } catch {
            require_(!allowed || r.revokedAt != 0, "a refusal has a reason");
        }
    }

    function delegate(uint256 identity, uint256 to, uint256 validity) external {
        address who = vm.addr(keys[identity % 3]);
        address controller = identities.identityOwner(who);
        vm.prank(controller);
        identities.addDelegate(who, PUBLISH, vm.addr(keys[to % 3]), validity % 1000);
    }

    function rotate(uint256 identity, uint256 to) external {
        address who = vm.addr(keys[identity % 3]);
        vm.prank(identities.identityOwner(who));
        identities.changeOwner(who, vm.addr(keys[to % 3]));
    }

    function wait(uint256 time) external {
        vm.warp(clock() + bound(time, 1, 1000));
    }

    function records() external view {
        for (uint256 i; i < known.length; ++i) {
            Record memory r = registry.record(known[i]);
            Record memory f = first[known[i]];
            eq(r.identity, f.identity, "4: the owner never changes");
            eq(r.publishedAt, f.publishedAt, "4: published once");
            eq(r.revokedAt, f.revokedAt, "4: revoked once and for ever");
            eq(r.flags, f.flags, "4: flags stay");
        }
    }
}

contract RoyaltiesInvariants {
    RoyaltiesCrowd private crowd = new RoyaltiesCrowd();

    function targetContracts() external view returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(crowd);
    }

    function invariant_solvent() external view {
        crowd.nothingBroken();
        crowd.solvent();
    }

    function invariant_dust() external view {
        crowd.dust();
    }
}

contract SoupsInvariants {
    SoupsCrowd private crowd = new SoupsCrowd();

    function targetContracts() external view returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(crowd);
    }

    function invariant_bonds() external view {
        crowd.nothingBroken();
        crowd.bonds();
    }

    function invariant_finality() external view {
        crowd.finality();
    }
}

contract RegistryInvariants {
    RegistryCrowd private crowd = new RegistryCrowd();

    function targetContracts() external view returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(crowd);
    }

    function invariant_records() external view {
        crowd.nothingBroken();
        crowd.records();
    }
}
