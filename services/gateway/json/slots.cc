#include "services/gateway/json/slots.h"

#include "services/gateway/json/json.h"

namespace veche::gateway::json {
namespace {

// Of the members of a oneof the last one counts.
void ClearOthers(const MessageTable& table, const Field& field, Slots& slots) {
  for (size_t i = 0; i < slots.size(); ++i) {
    const Field& other = table.fields()[i];
    if (other.oneof == field.oneof && &other != &field) slots[i] = Slot();
  }
}

}  // namespace

bool FindFields(const MessageTable& table, absl::string_view wire, Slots& slots) {
  WireReader in(wire);
  while (!in.done()) {
    const char* const begin = in.at();
    uint32_t number, type;
    if (!in.Tag(&number, &type)) return false;
    const char* const value = in.at();
    if (!in.Skip(number, type)) return false;
    const Field* field = table.ByNumber(number);
    if (field == nullptr || type == kStartGroup || !HasWireType(*field, type)) continue;
    Slot& slot = slots[table.IndexOf(*field)];
    if (slot.count++ == 0) {
      slot.first = begin;
      if (ABSL_PREDICT_FALSE(field->oneof >= 0)) ClearOthers(table, *field, slots);
    }
    slot.last = value;
  }
  return true;
}

absl::string_view FindString(absl::string_view wire, absl::Span<const uint32_t> path) {
  if (path.empty()) return {};
  absl::string_view result;
  for (WireReader in(wire); !in.done();) {
    uint32_t number, type;
    if (!in.Tag(&number, &type)) return {};
    if (number != path[0] || type != kBytes) {
      if (!in.Skip(number, type)) return {};
      continue;
    }
    absl::string_view bytes;
    if (!in.Bytes(&bytes)) return {};
    if (path.size() > 1) {
      // Pieces of a message merge: a piece without the field does not hide the field of another
      // piece.
      bytes = FindString(bytes, path.subspan(1));
      if (bytes.empty()) continue;
    }
    result = bytes;
  }
  return result;
}

}  // namespace veche::gateway::json
