#include "services/polling/protocol/board_file.h"

#include <streambuf>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/merkle/tree.h"
#include "services/polling/protocol/canonical_json.h"

namespace veche::polling::protocol {
namespace {

using simdjson::dom::element;

merkle::SignedHead ReadHead(element root, absl::Status* status) {
  merkle::SignedHead signed_head;
  JsonObjectReader header(root, "", {"poll", "signedHead"}, status);
  signed_head.head.log_id = header.String("poll");
  if (!status->ok()) return signed_head;
  JsonObjectReader head(header.Member("signedHead"), "signedHead",
                        {"treeSize", "time", "rootHash", "signature"}, status);
  signed_head.head.size = static_cast<uint64_t>(head.Integer("treeSize"));
  signed_head.head.unix_seconds = static_cast<uint64_t>(head.Integer("time"));
  const auto root_hash = merkle::HashFromBytes(head.Base64("rootHash", 32));
  if (root_hash.ok()) signed_head.head.root = *root_hash;
  signed_head.signature = head.Base64("signature", 64);
  return signed_head;
}

absl::Status LineFault(uint64_t line, const absl::Status& fault) {
  return absl::InvalidArgumentError(absl::StrCat("Line ", line, ": ", fault.message()));
}

// Entries are most of a file and always of one form, so that they need no JSON parser.
bool DecodeEntry(absl::string_view line, std::string& entry) {
  std::string decoded;
  if (!absl::ConsumePrefix(&line, "{\"entry\":\"") || !absl::ConsumeSuffix(&line, "\"}") ||
      !absl::Base64Unescape(line, &decoded) || absl::Base64Escape(decoded) != line) {
    return false;
  }
  entry = std::move(decoded);
  return true;
}

}  // namespace

std::string EncodeBoardHeader(const merkle::SignedHead& signed_head) {
  const merkle::Head& head = signed_head.head;
  JsonObjectWriter head_json;
  head_json.Integer("treeSize", static_cast<int64_t>(head.size))
      .Integer("time", static_cast<int64_t>(head.unix_seconds))
      .Base64("rootHash", merkle::HashBytes(head.root))
      .Base64("signature", signed_head.signature);
  return JsonObjectWriter().String("poll", head.log_id).Raw("signedHead", head_json.Take()).Take() +
         "\n";
}

std::string EncodeBoardEntry(absl::string_view entry) {
  return absl::StrCat("{\"entry\":\"", absl::Base64Escape(entry), "\"}\n");
}

absl::StatusOr<BoardFileReader> BoardFileReader::Open(std::istream& file) {
  BoardFileReader reader(file);
  std::string line;
  ASSIGN_OR_RETURN(const bool read, reader.NextLine(line));
  if (!read) return absl::InvalidArgumentError("The file is empty.");
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(line).get(root) != simdjson::SUCCESS) {
    return LineFault(1, JsonFault("", "is not JSON"));
  }
  absl::Status status;
  reader.head_ = ReadHead(root, &status);
  if (!status.ok()) return LineFault(1, status);
  return reader;
}

absl::StatusOr<bool> BoardFileReader::Next(std::string& entry) {
  std::string line;
  ASSIGN_OR_RETURN(const bool read, NextLine(line));
  if (!read) return false;
  if (DecodeEntry(line, entry)) return true;
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(line).get(root) != simdjson::SUCCESS) {
    return LineFault(line_, JsonFault("", "is not JSON"));
  }
  absl::Status status;
  JsonObjectReader object(root, "", {"entry"}, &status);
  entry = object.Base64("entry");
  if (!status.ok()) return LineFault(line_, status);
  return true;
}

absl::StatusOr<bool> BoardFileReader::NextLine(std::string& line) {
  line.clear();
  std::streambuf& bytes = *file_->rdbuf();
  for (int c = bytes.sbumpc(); c != std::streambuf::traits_type::eof(); c = bytes.sbumpc()) {
    if (c == '\n') {
      ++line_;
      return true;
    }
    line += static_cast<char>(c);
    if (line.size() > kMaxBoardLine) {
      return absl::InvalidArgumentError(absl::StrCat("Line ", line_ + 1, " is too long."));
    }
  }
  if (!line.empty()) ++line_;
  return !line.empty();
}

}  // namespace veche::polling::protocol
