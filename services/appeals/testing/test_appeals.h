#pragma once

#include <string>
#include <utility>

#include "common/base/id.h"
#include "common/base/status_macros.h"
#include "services/appeals/domain/changes.h"
#include "services/appeals/domain/keys.h"
#include "services/appeals/storage/store.h"

// Appeals for tests: fields that are not named do not matter.

namespace veche::appeals {

struct TestAppeal {
  std::string text = "Яма на дороге";
  absl::Time created = absl::FromUnixSeconds(1'790'000'000);
  std::string author = "residents/ivan";
  std::string category = "categories/potholes";
  std::string department = "departments/roads";
  std::string district = "districts/west";
  State state = State::kAssigned;
  Kind kind = Kind::kComplaint;
  Visibility visibility = Visibility::kPublic;
  std::optional<geo::LatLng> location = geo::LatLng{55.8, 49.05};
  std::optional<absl::Time> due = std::nullopt;
};

inline Appeal MakeAppeal(IdSource& ids, const TestAppeal& wanted) {
  Appeal appeal;
  appeal.text = wanted.text;
  appeal.created = appeal.updated = WholeMillis(wanted.created);
  appeal.id = ids.NewAt(appeal.created);
  appeal.author = wanted.author;
  appeal.category = wanted.category;
  appeal.department = wanted.department;
  appeal.district = wanted.district;
  appeal.state = wanted.state;
  appeal.kind = wanted.kind;
  appeal.visibility = wanted.visibility;
  appeal.location = wanted.location;
  appeal.due = wanted.due;
  appeal.registered = appeal.created;
  appeal.clock.registered = appeal.created;
  return appeal;
}

inline Record MakeSubmission(const Appeal& appeal) {
  Record record;
  AddEntry(record, EntryType::kSubmitted, {Party::kAuthor, appeal.author, ""}, appeal.created);
  AddEvent(record, EventType::kSubmitted, {Party::kAuthor, appeal.author, ""});
  return record;
}

// Writes a new appeal as a transaction of its own.
inline absl::StatusOr<Appeal> CreateAppeal(sql::Database& database, Store& store, Appeal appeal,
                                           Record record) {
  ASSIGN_OR_RETURN(appeal, store.Number(std::move(appeal)));
  const PreparedAppeal prepared = store.PrepareNew(appeal, std::move(record));
  RETURN_IF_ERROR(database.Write(
      [&](sql::Transaction& transaction) { return store.Create(transaction, prepared); }));
  return appeal;
}
inline absl::StatusOr<Appeal> CreateAppeal(sql::Database& database, Store& store,
                                           const Appeal& appeal) {
  return CreateAppeal(database, store, appeal, MakeSubmission(appeal));
}

}  // namespace veche::appeals
