#include "services/polling/commands/mirror.h"

#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/durable_file.h"
#include "common/base/status_macros.h"
#include "services/polling/commands/api.h"
#include "services/polling/commands/head_json.h"
#include "services/polling/protocol/canonical_json.h"
#include "services/polling/protocol/definition.h"
#include "services/polling/protocol/mirror.h"

namespace veche::polling {
namespace {

struct MirrorState {
  std::string board_key;
  merkle::SignedHead head;
};

absl::StatusOr<std::optional<MirrorState>> Load(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return std::nullopt;
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  simdjson::dom::parser parser;
  simdjson::dom::element value;
  absl::Status status;
  MirrorState state;
  if (parser.parse(text.str()).get(value) != simdjson::SUCCESS) {
    status = protocol::JsonFault("", "is not JSON");
  } else {
    protocol::JsonObjectReader root(value, "", {"boardKey", "head"}, &status);
    state.board_key = root.Base64("boardKey", 32);
    if (status.ok()) state.head = DecodeHead(root.Member("head"), "head", &status);
  }
  if (status.ok()) return state;
  return absl::InvalidArgumentError(
      absl::StrCat(file.string(), " is not the state of a mirror: ", status.message()));
}

absl::Status Save(const std::filesystem::path& file, const MirrorState& state) {
  return WriteDurably(file, protocol::JsonObjectWriter()
                                .Base64("boardKey", state.board_key)
                                .Raw("head", EncodeHead(state.head))
                                .Take());
}

absl::Status Begin(PollApi& api, const merkle::SignedHead& head, std::string board_key,
                   const std::filesystem::path& file, std::ostream& out) {
  if (board_key.empty()) {
    ASSIGN_OR_RETURN(const std::string json, api.Definition());
    ASSIGN_OR_RETURN(const protocol::Definition definition, protocol::ParseDefinition(json));
    board_key = definition.board_key;
  }
  RETURN_IF_ERROR(protocol::CheckHead(head, head.head.log_id, board_key));
  RETURN_IF_ERROR(Save(file, {board_key, head}));
  out << "The mirror begins at " << head.head.size << " entries.\n";
  return absl::OkStatus();
}

absl::Status Compare(PollApi& api, const MirrorState& state, const merkle::SignedHead& head) {
  RETURN_IF_ERROR(protocol::CheckHead(head, state.head.head.log_id, state.board_key));
  RETURN_IF_ERROR(protocol::CheckOrder(state.head, head));
  ASSIGN_OR_RETURN(const merkle::Proof proof,
                   api.ConsistencyProof(state.head.head.size, head.head.size));
  return protocol::CheckContinues(state.head, head, proof, state.board_key);
}

}  // namespace

absl::Status MirrorBoard(const std::string& poll_url, const std::filesystem::path& state_file,
                         std::string board_key, std::ostream& out) {
  const size_t at = poll_url.find("/v1/polls/");
  if (at == std::string::npos) {
    return absl::InvalidArgumentError("--url must be like http://127.0.0.1:8080/v1/polls/ID.");
  }
  const std::string poll = poll_url.substr(at + absl::string_view("/v1/polls/").size());
  PollApi api(poll_url.substr(0, at), poll);
  ASSIGN_OR_RETURN(const std::optional<MirrorState> state, Load(state_file));
  ASSIGN_OR_RETURN(const merkle::SignedHead head, api.Head());
  if (!state) return Begin(api, head, std::move(board_key), state_file, out);
  if (!board_key.empty() && board_key != state->board_key) {
    return absl::InvalidArgumentError("--board-key is not the key with which the mirror began.");
  }
  if (state->head.head.log_id != poll) {
    return absl::InvalidArgumentError(
        absl::StrCat(state_file.string(), " mirrors the poll ", state->head.head.log_id, "."));
  }
  const absl::Status status = Compare(api, *state, head);
  if (absl::IsDataLoss(status)) {
    out << status.message() << "\nThe two heads, each signed by the board key, prove it:\n"
        << EncodeHead(state->head) << "\n"
        << EncodeHead(head) << "\n";
  }
  RETURN_IF_ERROR(status);
  if (head.head.size < state->head.head.size) {
    out << "The server gave an older head, of " << head.head.size << " entries; the board of "
        << state->head.head.size << " entries continues it.\n";
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(Save(state_file, {state->board_key, head}));
  out << "The board of " << head.head.size << " entries continues the one of "
      << state->head.head.size << " entries.\n";
  return absl::OkStatus();
}

}  // namespace veche::polling
