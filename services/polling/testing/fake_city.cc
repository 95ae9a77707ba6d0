#include "services/polling/testing/fake_city.h"

#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/polling/protocol/ballot.h"
#include "services/polling/protocol/canonical_json.h"

namespace veche::polling::testing {
namespace {

using protocol::JsonObjectWriter;
using simdjson::dom::element;

http::Response Json(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.content_type = "application/json";
  response.body = std::move(body);
  return response;
}

http::Response Problem(int status, absl::string_view reason) {
  return Json(status, JsonObjectWriter().String("reason", reason).String("detail", "No.").Take());
}

std::string Bytes(element object, const char* name) {
  std::string_view text;
  std::string bytes;
  if (object[name].get(text) != simdjson::SUCCESS) return "";
  absl::Base64Unescape({text.data(), text.size()}, &bytes);
  return bytes;
}

// A copy: a range-based for would not keep the temporary result of simdjson.
simdjson::dom::array Items(element object, const char* name) {
  return object[name].get_array().value();
}

std::string Hashes(const merkle::Proof& proof) {
  return JsonObjectWriter()
      .Array("hashes", proof,
             [](const merkle::Hash& hash) {
               return protocol::JsonString(absl::Base64Escape(merkle::HashBytes(hash)));
             })
      .Take();
}

// The number after "name=" in a query; 0 when there is none.
uint64_t Parameter(absl::string_view query, absl::string_view name) {
  const size_t at = query.find(absl::StrCat(name, "="));
  if (at == absl::string_view::npos) return 0;
  query.remove_prefix(at + name.size() + 1);
  uint64_t number = 0;
  (void)absl::SimpleAtoi(query.substr(0, query.find('&')), &number);
  return number;
}

protocol::Ballot ReadBallot(element json, const std::string& poll) {
  protocol::Ballot ballot{.poll = poll,
                          .salt = Bytes(json, "salt"),
                          .voter_key = Bytes(json, "voterKey"),
                          .counter = json["counter"].get_uint64().value(),
                          .signature = Bytes(json, "ballotSignature")};
  for (const element item : Items(json, "answers")) {
    protocol::Answer& answer = ballot.answers.emplace_back();
    answer.question = std::string(item["question"].get_string().value());
    for (const element option : Items(item, "options")) {
      answer.options.emplace_back(option.get_string().value());
    }
  }
  ballot.credentials.push_back({Bytes(json, "prefix"), Bytes(json, "signature")});
  if (!Bytes(json, "secondPrefix").empty()) {
    ballot.credentials.push_back({Bytes(json, "secondPrefix"), Bytes(json, "secondSignature")});
  }
  return ballot;
}

std::string Ticket(const std::string& entry) {
  return protocol::TicketOf(merkle::HashBytes(merkle::LeafHash(entry)));
}

}  // namespace

FakeCity::FakeCity(size_t issuers) : poll_(issuers) {
  checker_ = *protocol::BallotChecker::Create(poll_.definition);
  entries_ = poll_.MakeBoard({}, std::vector<int64_t>(issuers, 0));
  entries_.pop_back();  // the board is open
  server_ = *http::Server::Start({.address = "127.0.0.1:0"}, *this);
}

std::string FakeCity::url() const { return absl::StrCat("http://127.0.0.1:", server_->port()); }

void FakeCity::Handle(http::ExchangePtr exchange) {
  if (!exchange->request().has_body()) return exchange->Send(Answer(exchange->request()));
  exchange->ReadBody(100'000, [this, exchange] { exchange->Send(Answer(exchange->request())); });
}

http::Response FakeCity::Refuse(const http::Refusal& refusal) {
  return Problem(refusal.status, refusal.reason);
}

http::Response FakeCity::Answer(const http::Request& request) {
  absl::MutexLock lock(&mutex_);
  absl::string_view path = request.target;
  if (!absl::ConsumePrefix(&path, absl::StrCat("/v1/polls/", poll_id()))) {
    return Problem(404, "NOT_FOUND");
  }
  requests_.push_back(absl::StrCat(request.method, " ", path));
  http::Response response = Route(request, std::string(path));
  if (lost_.empty() || !absl::EndsWith(path, lost_)) return response;
  lost_.clear();
  return Problem(503, "UNAVAILABLE");
}

http::Response FakeCity::Route(const http::Request& request, const std::string& path) {
  if (path.empty()) {
    return Json(200, JsonObjectWriter()
                         .Base64("definition", protocol::EncodeDefinition(poll_.definition))
                         .Take());
  }
  if (path == ":issueCredential") return Issue(request);
  if (path == "/ballots") return Cast(request);
  absl::string_view rest = path;
  if (absl::ConsumePrefix(&rest, "/ballots/")) {
    const bool watch = absl::ConsumeSuffix(&rest, ":watch");
    if (watch && !hold_) {
      std::reverse(batch_.begin(), batch_.end());
      entries_.insert(entries_.end(), batch_.begin(), batch_.end());
      batch_.clear();
    }
    const std::string receipt = Receipt(std::string(rest));
    if (!watch) return Json(200, receipt);
    return Json(200, absl::StrCat("retry: 1000\n\n",
                                  hold_ ? "" : absl::StrCat("id: x\ndata: ", receipt, "\n\n")));
  }
  if (absl::StartsWith(path, "/board?")) return Json(200, HeadJson());
  if (absl::StartsWith(path, "/board:consistency?")) {
    const auto proof = merkle::ConsistencyProof(Parameter(path, "firstSize"),
                                                Parameter(path, "secondSize"), Nodes());
    return proof.ok() ? Json(200, Hashes(*proof)) : Problem(400, "OUT_OF_RANGE");
  }
  if (absl::StartsWith(path, "/board:proof?")) {
    const auto proof =
        merkle::InclusionProof(Parameter(path, "index"), Parameter(path, "treeSize"), Nodes());
    return proof.ok() ? Json(200, Hashes(*proof)) : Problem(400, "OUT_OF_RANGE");
  }
  return Problem(404, "NOT_FOUND");
}

http::Response FakeCity::Issue(const http::Request& request) {
  if (!absl::StartsWith(request.Header("Authorization"), "Bearer ")) {
    return Problem(401, "TOKEN_MISSING");
  }
  simdjson::dom::parser parser;
  const element json = parser.parse(request.body).value();
  const std::string issuer(json["issuer"].get_string().value());
  const std::string blinded = Bytes(json, "blindedMessage");
  const auto [issued, is_new] =
      issued_.emplace(absl::StrCat(issuer, request.Header("Authorization")), blinded);
  if (issued->second != blinded) return Problem(409, "CREDENTIAL_ISSUED");
  const auto signature = poll_.issuing_key(issuer == "city" ? 0 : 1).BlindSign(blinded);
  return Json(200, JsonObjectWriter().Base64("blindSignature", *signature).Take());
}

http::Response FakeCity::Cast(const http::Request& request) {
  if (request.HasHeader("Authorization") || request.HasHeader("Cookie") ||
      request.body.size() % 8192 != 0) {
    return Problem(400, "NOT_ANONYMOUS");
  }
  simdjson::dom::parser parser;
  const protocol::Ballot ballot = ReadBallot(parser.parse(request.body).value(), poll_id());
  const auto problems = checker_->Check(ballot);
  if (!problems.empty()) return Problem(400, problems[0].detail);
  const std::string entry = protocol::EncodeEntry(ballot);
  const auto has = [&entry](const std::vector<std::string>& list) {
    return std::find(list.begin(), list.end(), entry) != list.end();
  };
  if (!has(entries_) && !has(batch_)) batch_.push_back(entry);
  return Json(202, Receipt(Ticket(entry)));
}

std::string FakeCity::Receipt(const std::string& ticket) {
  JsonObjectWriter json;
  json.String("ticket", ticket);
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (Ticket(entries_[i]) != ticket) continue;
    json.String("boardIndex", absl::StrCat(i));
    const std::string head = HeadJson();
    json.Raw("signedHead", head.substr(14, head.size() - 15));
    const merkle::Proof proof = *merkle::InclusionProof(i, entries_.size(), Nodes());
    json.Array("inclusionProof", proof, [](const merkle::Hash& hash) {
      return protocol::JsonString(absl::Base64Escape(merkle::HashBytes(hash)));
    });
  }
  return json.Take();
}

// {"signedHead":{…}} as proto3 JSON writes it.
std::string FakeCity::HeadJson() {
  const merkle::SignedHead head = poll_.MakeHead(entries_);
  const std::string inner =
      JsonObjectWriter()
          .String("treeSize", absl::StrCat(head.head.size))
          .Base64("rootHash", merkle::HashBytes(head.head.root))
          .String("time",
                  absl::FormatTime(absl::RFC3339_sec, absl::FromUnixSeconds(head.head.unix_seconds),
                                   absl::UTCTimeZone()))
          .Base64("signature", head.signature)
          .Take();
  return JsonObjectWriter().Raw("signedHead", inner).Take();
}

merkle::NodeMap FakeCity::Nodes() {
  merkle::Frontier tree;
  merkle::NodeMap nodes;
  for (const std::string& entry : entries_) {
    for (const merkle::Node& node : tree.Append({merkle::LeafHash(entry)})) {
      nodes[node.id] = node.hash;
    }
  }
  return nodes;
}

std::vector<std::string> FakeCity::requests() const {
  absl::MutexLock lock(&mutex_);
  return requests_;
}

std::vector<std::string> FakeCity::entries() const {
  absl::MutexLock lock(&mutex_);
  return entries_;
}

void FakeCity::SetEntries(std::vector<std::string> entries) {
  absl::MutexLock lock(&mutex_);
  entries_ = std::move(entries);
}

void FakeCity::PassMinute() {
  absl::MutexLock lock(&mutex_);
  poll_.head_time += 60;
}

void FakeCity::LoseAnswerOf(const std::string& path) {
  absl::MutexLock lock(&mutex_);
  lost_ = path;
}

void FakeCity::HoldBatch(bool hold) {
  absl::MutexLock lock(&mutex_);
  hold_ = hold;
}

}  // namespace veche::polling::testing
