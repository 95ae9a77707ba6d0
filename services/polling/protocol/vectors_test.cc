// The vectors of testdata/, which the TypeScript library reads too. With VECHE_UPDATE_VECTORS=1
// this test makes them anew: the keys are fixed, but signatures are random.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/testing/status_matchers.h"
#include "services/polling/protocol/board_file.h"
#include "services/polling/protocol/canonical_json.h"
#include "services/polling/protocol/check_ballot.h"
#include "services/polling/protocol/verify_board.h"
#include "services/polling/protocol/voter_key.h"
#include "services/polling/testing/test_poll.h"

namespace veche::polling::protocol {
namespace {

using ::testing::IsEmpty;
using testing::SomeAnswers;
using testing::TestFile;
using testing::TestPoll;

std::string Hex(absl::string_view bytes) { return absl::BytesToHexString(bytes); }

// A copy: a range-based for would not keep the temporary result of simdjson.
simdjson::dom::array Items(simdjson::dom::element object, const char* name) {
  return object[name].get_array().value();
}

void WriteTestFile(const std::string& name, const std::string& text) {
  std::ofstream(
      absl::StrCat(std::getenv("VECHE_SOURCE_DIR"), "/services/polling/protocol/testdata/", name))
      << text;
}

std::vector<Ballot> SomeBallots(TestPoll& poll) {
  return {
      poll.MakeBallot(0, SomeAnswers()),
      poll.MakeBallot(1, {{"park", {"south"}},
                          {"sports", {"o3"}},
                          {"buses", {"5"}},
                          {"names", {"c", "b", "a", "d"}},
                          {"money", {"p2", "p3", "p4"}}}),
      poll.MakeBallot(2, {{"park", {"centre"}}, {"buses", {"1"}}, {"names", {"b"}}}),
      poll.MakeBallot(3, {}),
      poll.MakeBallot(0, {{"park", {"south"}}, {"money", {"p4", "p2"}}}, 2),
      poll.MakeBallot(4, {{"sports", {"o2", "o3"}}, {"names", {"a", "c"}}, {"money", {"p1"}}}, 7),
  };
}

struct Forgery {
  const char* name;
  BallotFault fault;
  Ballot ballot;
};

// Ballots that the check refuses; each has one fault.
std::vector<Forgery> SomeForgeries(TestPoll& poll) {
  std::vector<Forgery> forgeries;
  const auto add = [&](const char* name, BallotFault fault, bool sign,
                       const std::function<void(Ballot&)>& change) {
    Ballot ballot = poll.MakeBallot(0, SomeAnswers());
    change(ballot);
    if (sign) poll.SignBallot(0, ballot);
    forgeries.push_back({name, fault, ballot});
  };
  add("another poll", BallotFault::kPoll, true, [](Ballot& b) { b.poll = "another"; });
  add("wrong prefix", BallotFault::kCredential, true,
      [](Ballot& b) { b.credentials[0].prefix[0] ^= 1; });
  add("credential of another poll", BallotFault::kCredential, true, [&poll](Ballot& b) {
    b.credentials[0] = poll.MakeCredential(0, CredentialMessage("another", b.voter_key));
  });
  add("changed answer", BallotFault::kBallotSignature, false,
      [](Ballot& b) { b.answers[0].options[0] = "south"; });
  add("changed counter", BallotFault::kBallotSignature, false, [](Ballot& b) { b.counter = 9; });
  add("foreign voter key", BallotFault::kBallotSignature, false,
      [&poll](Ballot& b) { poll.SignBallot(1, b); });
  add("voter key not on the curve", BallotFault::kVoterKey, true,
      [](Ballot& b) { b.voter_key[90] ^= 1; });
  add("option twice", BallotFault::kAnswer, true, [](Ballot& b) {
    b.answers[1].options = {"o1", "o1"};
  });
  add("too many options", BallotFault::kAnswer, true, [](Ballot& b) {
    b.answers[0].options = {"north", "south"};
  });
  add("unknown option", BallotFault::kAnswer, true,
      [](Ballot& b) { b.answers[2].options = {"6"}; });
  add("over the budget", BallotFault::kAnswer, true, [](Ballot& b) {
    b.answers[4].options = {"p1", "p3"};
  });
  add("unknown question", BallotFault::kAnswer, true,
      [](Ballot& b) { b.answers[0].question = "weather"; });
  add("question twice", BallotFault::kAnswer, true,
      [](Ballot& b) { b.answers.push_back(b.answers[0]); });
  add("two credentials for one issuer", BallotFault::kIssuerCount, true,
      [](Ballot& b) { b.credentials.push_back(b.credentials[0]); });
  return forgeries;
}

std::string BallotVector(const Ballot& ballot) {
  const std::string entry = EncodeEntry(ballot);
  const merkle::Hash leaf = merkle::LeafHash(entry);
  return JsonObjectWriter()
      .Array("answers", ballot.answers,
             [](const Answer& answer) {
               return JsonObjectWriter()
                   .String("question", answer.question)
                   .Array("options", answer.options, JsonString)
                   .Take();
             })
      .String("salt", Hex(ballot.salt))
      .String("voterKey", Hex(ballot.voter_key))
      .Array("credentials", ballot.credentials,
             [](const Credential& credential) {
               return JsonObjectWriter()
                   .String("prefix", Hex(credential.prefix))
                   .String("signature", Hex(credential.signature))
                   .Take();
             })
      .Integer("counter", static_cast<int64_t>(ballot.counter))
      .String("ballotSignature", Hex(ballot.signature))
      .String("message", Hex(CredentialMessage(ballot.poll, ballot.voter_key)))
      .String("body", Hex(EncodeBody(ballot)))
      .String("entry", Hex(entry))
      .String("leafHash", Hex(merkle::HashBytes(leaf)))
      .String("ticket", TicketOf(merkle::HashBytes(leaf)))
      .Take();
}

std::string EntryVector(EntryKind kind, const std::string& json) {
  const std::string entry = EncodeEntry(kind, json);
  return JsonObjectWriter()
      .String("json", json)
      .String("leafHash", Hex(merkle::HashBytes(merkle::LeafHash(entry))))
      .Take();
}

Report VerifyText(const std::string& text) {
  std::istringstream file(text);
  auto reader = BoardFileReader::Open(file);
  EXPECT_OK(reader);
  if (!reader.ok()) return {};
  BoardVerifier verifier;
  std::string entry;
  for (auto read = reader->Next(entry); read.ok() && *read; read = reader->Next(entry)) {
    verifier.Add(entry);
  }
  return verifier.Finish(reader->head());
}

// The board as a file, and its result.
std::string WriteBoard(TestPoll& poll, const std::vector<std::string>& entries,
                       const std::string& name) {
  std::string text = EncodeBoardHeader(poll.MakeHead(entries));
  for (const std::string& entry : entries) text += EncodeBoardEntry(entry);
  WriteTestFile(name, text);
  const Report report = VerifyText(text);
  return JsonObjectWriter()
      .String("file", name)
      .Integer("faultCount", static_cast<int64_t>(report.fault_count))
      .String("resultJson", report.result_json)
      .String("resultHash", Hex(report.result_hash))
      .Take();
}

std::string HeadVector(TestPoll& poll, const std::vector<std::string>& entries) {
  const merkle::SignedHead head = poll.MakeHead(entries);
  return JsonObjectWriter()
      .Integer("treeSize", static_cast<int64_t>(head.head.size))
      .Integer("time", static_cast<int64_t>(head.head.unix_seconds))
      .String("rootHash", Hex(merkle::HashBytes(head.head.root)))
      .String("bytes", Hex(*merkle::HeadBytes(head.head)))
      .String("signature", Hex(head.signature))
      .Take();
}

void WriteVectors() {
  TestPoll one, two(2);
  const std::vector<Ballot> ballots = SomeBallots(one);
  const auto entries = one.MakeBoard(ballots, {6});
  const auto stuffed =
      two.MakeBoard({two.MakeBallot(0, SomeAnswers()),
                     two.MakeBallot(two.voter_key(1), {{"park", {"north"}}}, 1, {true, false})},
                    {1, 1});
  JsonObjectWriter json;
  json.Raw("definition", EntryVector(EntryKind::kDefinition, EncodeDefinition(one.definition)));
  json.Raw("closingRecord",
           EntryVector(EntryKind::kClosingRecord, EncodeClosingRecord(one.MakeClosingRecord({6}))));
  json.String("statementBytes", Hex(IssuedStatementBytes(one.definition.poll, 6, true,
                                                         one.definition.issuers[0].public_key)));
  json.Raw("head", HeadVector(one, entries));
  json.Array("ballots", ballots, BallotVector);
  json.Array("forgeries", SomeForgeries(one), [](const Forgery& forgery) {
    return JsonObjectWriter()
        .String("name", forgery.name)
        .String("fault", FaultName(forgery.fault))
        .String("entry", Hex(EncodeEntry(forgery.ballot)))
        .Take();
  });
  const std::vector<std::string> boards = {
      WriteBoard(one, entries, "board-one-issuer.ndjson"),
      WriteBoard(two, two.MakeBoard(SomeBallots(two), {5, 6}), "board-two-issuers.ndjson"),
      WriteBoard(two, stuffed, "board-stuffed.ndjson")};
  json.Array("boards", boards, [](const std::string& board) { return board; });
  WriteTestFile("vectors.json", json.Take() + "\n");
}

class VectorsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (std::getenv("VECHE_UPDATE_VECTORS") != nullptr) WriteVectors();
  }
  VectorsTest() { root_ = parser_.parse(TestFile("vectors.json")).value(); }

  static std::string Text(simdjson::dom::element object, const char* name) {
    return std::string(object[name].get_string().value());
  }
  static std::string Bytes(simdjson::dom::element object, const char* name) {
    return absl::HexStringToBytes(Text(object, name));
  }

  simdjson::dom::parser parser_;
  simdjson::dom::element root_;
};

TEST_F(VectorsTest, DefinitionAndClosingRecordHaveTheirHashes) {
  const std::string definition = Text(root_["definition"], "json");
  EXPECT_EQ(definition, EncodeDefinition(TestPoll().definition));
  ASSERT_OK(ParseDefinition(definition));
  EXPECT_EQ(EntryVector(EntryKind::kDefinition, definition),
            simdjson::to_string(root_["definition"].value()));
  const auto record = ParseClosingRecord(Text(root_["closingRecord"], "json"));
  ASSERT_OK(record);
  EXPECT_EQ(Hex(IssuedStatementBytes(TestPoll().definition.poll, 6, true,
                                     TestPoll().definition.issuers[0].public_key)),
            Text(root_, "statementBytes"));
}

TEST_F(VectorsTest, BallotsAreValid) {
  const auto checker = BallotChecker::Create(TestPoll().definition);
  ASSERT_OK(checker);
  int count = 0;
  for (const simdjson::dom::element vector : Items(root_, "ballots")) {
    const auto ballot = ParseEntry(Bytes(vector, "entry"));
    ASSERT_OK(ballot);
    EXPECT_THAT((*checker)->Check(*ballot), IsEmpty());
    EXPECT_EQ(BallotVector(*ballot), simdjson::to_string(vector));
    ++count;
  }
  EXPECT_EQ(count, 6);
}

TEST_F(VectorsTest, ForgeriesHaveTheNamedFault) {
  const auto checker = BallotChecker::Create(TestPoll().definition);
  ASSERT_OK(checker);
  int count = 0;
  for (const simdjson::dom::element vector : Items(root_, "forgeries")) {
    const auto ballot = ParseEntry(Bytes(vector, "entry"));
    ASSERT_OK(ballot);
    const auto problems = (*checker)->Check(*ballot);
    ASSERT_EQ(problems.size(), 1u) << Text(vector, "name");
    EXPECT_EQ(FaultName(problems[0].fault), Text(vector, "fault")) << Text(vector, "name");
    ++count;
  }
  EXPECT_EQ(count, 14);
}

TEST_F(VectorsTest, BoardsHaveTheirResults) {
  for (const simdjson::dom::element board : Items(root_, "boards")) {
    const std::string name = Text(board, "file");
    const Report report = VerifyText(TestFile(name));
    EXPECT_EQ(static_cast<int64_t>(report.fault_count), board["faultCount"].get_int64().value())
        << name;
    EXPECT_EQ(report.result_json, Text(board, "resultJson")) << name;
    EXPECT_EQ(Hex(report.result_hash), Text(board, "resultHash")) << name;
  }
  EXPECT_EQ(VerifyText(TestFile("board-one-issuer.ndjson")).fault_count, 0u);
  EXPECT_EQ(VerifyText(TestFile("board-two-issuers.ndjson")).fault_count, 0u);
  EXPECT_EQ(VerifyText(TestFile("board-stuffed.ndjson")).fault_count, 3u);
}

}  // namespace
}  // namespace veche::polling::protocol
