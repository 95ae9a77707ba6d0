#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "services/gateway/json/json.h"
#include "services/gateway/json/path.h"
#include "services/gateway/json/scalar.h"
#include "services/gateway/json/well_known.h"
#include "services/gateway/json/wire.h"

namespace veche::gateway::json {
namespace {

using Type = Field::Type;

// The fields from the message to the scalar, or empty when there is no such scalar.
std::vector<const Field*> Resolve(const MessageTable& table, absl::string_view path) {
  std::vector<const Field*> fields;
  for (const MessageTable* message = &table;;) {
    const size_t dot = path.find('.');
    const Field* field = message->ByName(path.substr(0, dot));
    if (field == nullptr || fields.size() >= kMaxDepth) return {};
    fields.push_back(field);
    if (dot == absl::string_view::npos) return fields;
    const bool has_members = field->message != nullptr && !field->repeated &&
                             field->message->well_known() == WellKnown::kNone;
    if (!has_members) return {};
    message = field->message;
    path.remove_prefix(dot + 1);
  }
}

Problem AppendUrlText(const Field& field, absl::string_view text, Output& out);

// Appends the length and body of a message that has a form as one text.
Problem AppendMessageText(const Field& field, absl::string_view text, Output& out) {
  const size_t begin = out.BeginLength();
  const WellKnown kind = field.message->well_known();
  if (kind == WellKnown::kWrapper) {
    const Field& inner = field.message->fields()[0];
    out.Put(inner.tag_bytes());
    if (Problem problem = AppendUrlText(inner, text, out)) return problem;
  } else if (!AppendWellKnownText(kind, text, /*any_case=*/true, out)) {
    return Expectation(field);
  }
  out.EndLength(begin);
  return nullptr;
}

Problem AppendUrlText(const Field& field, absl::string_view text, Output& out) {
  if (field.message != nullptr) return AppendMessageText(field, text, out);
  int32_t number;
  if (field.type == Type::TYPE_ENUM && absl::SimpleAtoi(text, &number)) {
    return AppendNumber(field, text, out);
  }
  return AppendText(field, text, out);
}

bool IsScalar(const Field& field) {
  if (field.type == Type::TYPE_GROUP || field.map) return false;
  if (field.message == nullptr) return true;
  switch (field.message->well_known()) {
    case WellKnown::kTimestamp:
    case WellKnown::kDuration:
    case WellKnown::kFieldMask:
    case WellKnown::kWrapper:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool AppendScalar(const MessageTable& table, absl::string_view path, absl::string_view text,
                  Violations* violations, std::string* wire) {
  const std::vector<const Field*> fields = Resolve(table, path);
  if (fields.empty()) {
    violations->Add(Shortened(path), "NOT_A_PARAMETER");
    return false;
  }
  const Field& field = *fields.back();
  Problem problem = "NOT_IN_URL";
  Output out(wire, text.size() + 16 * fields.size());
  std::vector<size_t> begins;
  for (size_t i = 0; i + 1 < fields.size(); ++i) {
    out.Put(fields[i]->tag_bytes());
    begins.push_back(out.BeginLength());
  }
  if (IsScalar(field)) {
    out.Put(field.tag_bytes());
    if (field.packed) begins.push_back(out.BeginLength());
    problem = AppendUrlText(field, text, out);
  }
  if (problem != nullptr) {
    out.Rollback();
    violations->Add(Shortened(path), problem);
    return false;
  }
  for (; !begins.empty(); begins.pop_back()) out.EndLength(begins.back());
  out.Commit();
  return true;
}

}  // namespace veche::gateway::json
