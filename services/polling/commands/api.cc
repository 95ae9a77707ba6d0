#include "services/polling/commands/api.h"

#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "services/polling/protocol/canonical_json.h"

namespace veche::polling {
namespace {

using protocol::JsonObjectWriter;
using simdjson::dom::element;

constexpr size_t kPadding = 8192;

absl::Status Unexpected(absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("The server's answer is not as the protocol says: ", what, "."));
}

// A JSON document and lenient access to it: answers may have more members than we know.
class Json {
 public:
  static absl::StatusOr<Json> Parse(absl::string_view text) {
    Json json;
    json.parser_ = std::make_unique<simdjson::dom::parser>();
    if (json.parser_->parse(text.data(), text.size()).get(json.root_) != simdjson::SUCCESS) {
      return Unexpected("it is not JSON");
    }
    return json;
  }

  // "" when there is no string at `pointer` ("/signedHead/time").
  std::string StringAt(absl::string_view pointer) const {
    std::string_view text;
    if (At(pointer).get(text) != simdjson::SUCCESS) return "";
    return std::string(text);
  }
  std::string Bytes(absl::string_view pointer) const {
    std::string bytes;
    return absl::Base64Unescape(StringAt(pointer), &bytes) ? bytes : "";
  }
  // Proto3 JSON writes 64-bit integers as strings, and readers take numbers too.
  std::optional<uint64_t> Integer(absl::string_view pointer) const {
    uint64_t number = 0;
    if (At(pointer).get(number) == simdjson::SUCCESS) return number;
    if (absl::SimpleAtoi(StringAt(pointer), &number)) return number;
    return std::nullopt;
  }
  absl::StatusOr<merkle::Proof> Hashes(absl::string_view pointer) const {
    merkle::Proof proof;
    simdjson::dom::array items;
    if (At(pointer).get(items) != simdjson::SUCCESS) return proof;  // an empty list may be absent
    for (const element item : items) {
      std::string_view text;
      std::string bytes;
      if (item.get(text) != simdjson::SUCCESS ||
          !absl::Base64Unescape({text.data(), text.size()}, &bytes)) {
        return Unexpected("a hash is not base64");
      }
      ASSIGN_OR_RETURN(const merkle::Hash hash, merkle::HashFromBytes(bytes));
      proof.push_back(hash);
    }
    return proof;
  }

 private:
  simdjson::simdjson_result<element> At(absl::string_view pointer) const {
    return root_.at_pointer({pointer.data(), pointer.size()});
  }

  std::unique_ptr<simdjson::dom::parser> parser_;  // owns the document
  element root_;
};

absl::StatusCode CodeOf(long http_status) {
  switch (http_status) {
    case 400:
      return absl::StatusCode::kInvalidArgument;
    case 401:
      return absl::StatusCode::kUnauthenticated;
    case 403:
      return absl::StatusCode::kPermissionDenied;
    case 404:
      return absl::StatusCode::kNotFound;
    case 409:
      return absl::StatusCode::kAlreadyExists;
    case 429:
    case 503:
      return absl::StatusCode::kUnavailable;
    default:
      return absl::StatusCode::kFailedPrecondition;
  }
}

// The server's problem document as an error: its detail and the descriptions of the fields.
absl::Status Refused(const HttpAnswer& answer) {
  std::string text = absl::StrCat("The server answered ", answer.status);
  if (const auto json = Json::Parse(answer.body); json.ok()) {
    const std::string reason = json->StringAt("/reason");
    absl::StrAppend(&text, reason.empty() ? "" : " ", reason, ": ", json->StringAt("/detail"));
    for (int i = 0; i < 20; ++i) {
      const std::string at = absl::StrCat("/violations/", i);
      const std::string field = json->StringAt(absl::StrCat(at, "/field"));
      if (field.empty()) break;
      absl::StrAppend(&text, "\n  ", field, ": ", json->StringAt(absl::StrCat(at, "/description")));
    }
  }
  return absl::Status(CodeOf(answer.status), text);
}

absl::StatusOr<Json> Read(absl::StatusOr<HttpAnswer> answer) {
  RETURN_IF_ERROR(answer.status());
  if (answer->status < 200 || answer->status > 299) return Refused(*answer);
  return Json::Parse(answer->body);
}

absl::StatusOr<merkle::SignedHead> ReadHead(const Json& json, absl::string_view poll) {
  merkle::SignedHead head;
  absl::Time time;
  std::string error;
  const auto size = json.Integer("/signedHead/treeSize");
  const auto root = merkle::HashFromBytes(json.Bytes("/signedHead/rootHash"));
  if (!size || !root.ok() ||
      !absl::ParseTime(absl::RFC3339_full, json.StringAt("/signedHead/time"), &time, &error)) {
    return Unexpected("it has no signed head");
  }
  head.head = {.log_id = std::string(poll),
               .size = *size,
               .unix_seconds = static_cast<uint64_t>(absl::ToUnixSeconds(time)),
               .root = *root};
  head.signature = json.Bytes("/signedHead/signature");
  return head;
}

absl::StatusOr<Receipt> ReadReceipt(const absl::StatusOr<Json>& json, absl::string_view poll) {
  RETURN_IF_ERROR(json.status());
  Receipt receipt{.ticket = json->StringAt("/ticket")};
  if (receipt.ticket.empty()) return Unexpected("it has no ticket");
  // A ballot can have its index some time before the head that covers it is signed.
  if (!json->Integer("/signedHead/treeSize")) return receipt;
  receipt.board_index = json->Integer("/boardIndex");
  if (!receipt.board_index) return Unexpected("it has a head, but no index");
  ASSIGN_OR_RETURN(receipt.head, ReadHead(*json, poll));
  ASSIGN_OR_RETURN(receipt.proof, json->Hashes("/inclusionProof"));
  return receipt;
}

// The data of the first event of a stream of server-sent events; "" when there is none.
std::string FirstEvent(absl::string_view stream) {
  for (absl::string_view line : absl::StrSplit(stream, '\n')) {
    if (absl::ConsumePrefix(&line, "data:")) return std::string(absl::StripAsciiWhitespace(line));
  }
  return "";
}

}  // namespace

std::string BallotJson(const protocol::Ballot& ballot) {
  JsonObjectWriter json;
  json.Array("answers", ballot.answers, [](const protocol::Answer& answer) {
    return JsonObjectWriter()
        .String("question", answer.question)
        .Array("options", answer.options, protocol::JsonString)
        .Take();
  });
  json.Base64("salt", ballot.salt).Base64("voterKey", ballot.voter_key);
  json.Integer("counter", static_cast<int64_t>(ballot.counter));
  json.Base64("ballotSignature", ballot.signature);
  static constexpr absl::string_view kNames[][2] = {{"prefix", "signature"},
                                                    {"secondPrefix", "secondSignature"}};
  for (size_t i = 0; i < ballot.credentials.size(); ++i) {
    json.Base64(kNames[i][0], ballot.credentials[i].prefix)
        .Base64(kNames[i][1], ballot.credentials[i].signature);
  }
  std::string body = json.Take();
  body.resize((body.size() + kPadding - 1) / kPadding * kPadding, ' ');
  return body;
}

PollApi::PollApi(std::string base, std::string poll)
    : poll_(std::move(poll)), http_(std::move(base)) {}

std::string PollApi::Path(absl::string_view rest) const {
  return absl::StrCat("/v1/polls/", poll_, rest);
}

absl::StatusOr<std::string> PollApi::Definition() {
  ASSIGN_OR_RETURN(const Json json, Read(http_.Get(Path(""))));
  std::string definition = json.Bytes("/definition");
  if (definition.empty()) return absl::FailedPreconditionError("The poll is not open yet.");
  return definition;
}

absl::StatusOr<std::string> PollApi::IssueCredential(absl::string_view issuer,
                                                     absl::string_view blinded,
                                                     absl::string_view token) {
  const std::string body =
      JsonObjectWriter().String("issuer", issuer).Base64("blindedMessage", blinded).Take();
  ASSIGN_OR_RETURN(const Json json, Read(http_.Post(Path(":issueCredential"), body, token)));
  return json.Bytes("/blindSignature");
}

absl::StatusOr<Receipt> PollApi::Cast(const protocol::Ballot& ballot) {
  return ReadReceipt(Read(http_.Post(Path("/ballots"), BallotJson(ballot), "")), poll_);
}

absl::StatusOr<Receipt> PollApi::GetReceipt(absl::string_view ticket) {
  return ReadReceipt(Read(http_.Get(Path(absl::StrCat("/ballots/", ticket)))), poll_);
}

absl::StatusOr<Receipt> PollApi::WatchReceipt(absl::string_view ticket, absl::Duration patience) {
  ASSIGN_OR_RETURN(const HttpAnswer answer,
                   http_.Get(Path(absl::StrCat("/ballots/", ticket, ":watch")), patience));
  if (answer.status != 200) return Refused(answer);
  const std::string event = FirstEvent(answer.body);
  if (event.empty()) return absl::UnavailableError("The ballot is not on the board yet.");
  return ReadReceipt(Json::Parse(event), poll_);
}

absl::StatusOr<merkle::SignedHead> PollApi::Head() {
  ASSIGN_OR_RETURN(const Json json, Read(http_.Get(Path("/board?pageSize=1"))));
  return ReadHead(json, poll_);
}

absl::StatusOr<merkle::Proof> PollApi::ConsistencyProof(uint64_t first, uint64_t second) {
  if (first == second) return merkle::Proof();
  const auto [small, large] = std::minmax(first, second);
  ASSIGN_OR_RETURN(const Json json,
                   Read(http_.Get(Path(absl::StrCat("/board:consistency?firstSize=", small,
                                                    "&secondSize=", large)))));
  return json.Hashes("/hashes");
}

absl::StatusOr<merkle::Proof> PollApi::InclusionProof(uint64_t index, uint64_t size) {
  ASSIGN_OR_RETURN(
      const Json json,
      Read(http_.Get(Path(absl::StrCat("/board:proof?index=", index, "&treeSize=", size)))));
  return json.Hashes("/hashes");
}

}  // namespace veche::polling
