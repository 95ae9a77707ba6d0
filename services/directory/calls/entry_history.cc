#include "services/directory/calls/entry_history.h"

#include "common/api/timestamp.h"

namespace veche::directory {

static_assert(static_cast<int>(EntryAction::kCreate) == v1::EntryChange::CREATE &&
              static_cast<int>(EntryAction::kUpdate) == v1::EntryChange::UPDATE &&
              static_cast<int>(EntryAction::kDelete) == v1::EntryChange::DELETE &&
              static_cast<int>(EntryAction::kUndelete) == v1::EntryChange::UNDELETE &&
              static_cast<int>(EntryAction::kConfirm) == v1::EntryChange::CONFIRM &&
              static_cast<int>(EntryAction::kImport) == v1::EntryChange::IMPORT);

v1::EntryChange ToWire(const EntryChange& change) {
  v1::EntryChange wire;
  wire.set_action(static_cast<v1::EntryChange::Action>(change.action));
  *wire.mutable_time() = api::ToTimestamp(change.time);
  wire.set_editor(change.editor);
  *wire.mutable_fields() = {change.fields.begin(), change.fields.end()};
  return wire;
}

}  // namespace veche::directory
