#include "services/polling/commands/voter_state.h"

#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/durable_file.h"
#include "common/base/status_macros.h"
#include "services/polling/commands/head_json.h"
#include "services/polling/protocol/canonical_json.h"

namespace veche::polling {
namespace {

using protocol::JsonObjectReader;
using protocol::JsonObjectWriter;
using simdjson::dom::element;

std::string Encode(const VoterState& state) {
  JsonObjectWriter json;
  json.Base64("definition", state.definition).Base64("voterKey", state.voter_key);
  json.Array("issuances", state.issuances, [](const VoterState::Issuance& issuance) {
    return JsonObjectWriter()
        .String("issuer", issuance.issuer)
        .Base64("prefix", issuance.prefix)
        .Base64("blinded", issuance.blinded)
        .Base64("inverse", issuance.inverse)
        .Base64("signature", issuance.signature)
        .Take();
  });
  json.Array("ballots", state.ballots, [](const VoterState::Cast& cast) {
    JsonObjectWriter ballot;
    ballot.Base64("entry", cast.entry);
    ballot.Integer("boardIndex", static_cast<int64_t>(cast.board_index.value_or(0)));  // 0: none
    return ballot.Take();
  });
  json.Raw("head", state.head ? EncodeHead(*state.head) : "null");
  return json.Take();
}

absl::StatusOr<VoterState> Decode(const std::string& text) {
  simdjson::dom::parser parser;
  element value;
  if (parser.parse(text).get(value) != simdjson::SUCCESS) {
    return protocol::JsonFault("", "is not JSON");
  }
  absl::Status status;
  JsonObjectReader root(value, "", {"definition", "voterKey", "issuances", "ballots", "head"},
                        &status);
  VoterState state{.definition = root.Base64("definition"), .voter_key = root.Base64("voterKey")};
  root.Array("issuances", [&](element item, std::string path) {
    JsonObjectReader issuance(item, std::move(path),
                              {"issuer", "prefix", "blinded", "inverse", "signature"}, &status);
    state.issuances.push_back({.issuer = issuance.String("issuer"),
                               .prefix = issuance.Base64("prefix"),
                               .blinded = issuance.Base64("blinded"),
                               .inverse = issuance.Base64("inverse"),
                               .signature = issuance.Base64("signature")});
  });
  root.Array("ballots", [&](element item, std::string path) {
    JsonObjectReader ballot(item, std::move(path), {"entry", "boardIndex"}, &status);
    VoterState::Cast cast{.entry = ballot.Base64("entry")};
    if (const int64_t index = ballot.Integer("boardIndex"); index > 0) {
      cast.board_index = static_cast<uint64_t>(index);
    }
    state.ballots.push_back(std::move(cast));
  });
  RETURN_IF_ERROR(status);
  if (const element head = root.Member("head"); !head.is_null()) {
    state.head = DecodeHead(head, "head", &status);
  }
  RETURN_IF_ERROR(status);
  return state;
}

}  // namespace

absl::StatusOr<VoterState> LoadVoterState(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    return absl::NotFoundError(absl::StrCat(file.string(), " does not exist."));
  }
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  auto state = Decode(text.str());
  if (!state.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(file.string(), " is not a state of `veche vote`: ", state.status().message()));
  }
  return state;
}

absl::Status SaveVoterState(const std::filesystem::path& file, const VoterState& state) {
  return WriteDurably(file, Encode(state));
}

}  // namespace veche::polling
