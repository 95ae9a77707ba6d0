#include "services/directory/storage/store.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"

namespace veche::directory {
namespace {

// CheckUpdate refuses phones with line breaks.
constexpr char kPhoneSeparator = '\n';

absl::StatusOr<std::map<std::string, Titles>> ReadTitles(sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(auto rows, transaction.Query("SELECT resource, language, title FROM titles"));
  std::map<std::string, Titles> titles;
  for (const sql::Row& row : rows) titles[row.Text(0)][row.Text(1)] = row.Text(2);
  return titles;
}

absl::Status ReadDistricts(sql::Transaction& transaction, std::map<std::string, Titles>& titles,
                           City& city) {
  ASSIGN_OR_RETURN(auto rows,
                   transaction.Query("SELECT id, title, area_km2, label_latitude, label_longitude, "
                                     "boundary, attribution FROM districts ORDER BY id"));
  for (const sql::Row& row : rows) {
    city.districts.push_back({.id = row.Text(0),
                              .title = row.Text(1),
                              .titles = std::move(titles[absl::StrCat("districts/", row.Text(0))]),
                              .area_km2 = row.Double(2),
                              .label = {.latitude = row.Double(3), .longitude = row.Double(4)},
                              .boundary = row.Text(5),
                              .attribution = row.Text(6)});
  }
  return absl::OkStatus();
}

absl::Status ReadDepartments(sql::Transaction& transaction, std::map<std::string, Titles>& titles,
                             City& city) {
  ASSIGN_OR_RETURN(auto rows, transaction.Query("SELECT id, title, kind, phones FROM departments "
                                                "ORDER BY id"));
  for (const sql::Row& row : rows) {
    city.departments.push_back(
        {.id = row.Text(0),
         .title = row.Text(1),
         .titles = std::move(titles[absl::StrCat("departments/", row.Text(0))]),
         .kind = row.Text(2),
         .phones = absl::StrSplit(row.Text(3), kPhoneSeparator, absl::SkipEmpty())});
  }
  return absl::OkStatus();
}

absl::Status ReadCategories(sql::Transaction& transaction, std::map<std::string, Titles>& titles,
                            City& city) {
  ASSIGN_OR_RETURN(auto rows,
                   transaction.Query("SELECT id, title, category_group, group_title, department, "
                                     "response_hours, legal_profile FROM categories ORDER BY id"));
  for (const sql::Row& row : rows) {
    city.categories.push_back(
        {.id = row.Text(0),
         .title = row.Text(1),
         .titles = std::move(titles[absl::StrCat("categories/", row.Text(0))]),
         .group = row.Text(2),
         .group_title = row.Text(3),
         .department = row.Text(4),
         .response_hours = static_cast<int32_t>(row.Int(5)),
         .legal_profile = row.Text(6)});
  }
  return absl::OkStatus();
}

absl::Status WriteTitles(sql::Transaction& transaction, const std::string& resource,
                         const Titles& titles) {
  RETURN_IF_ERROR(transaction.Execute("DELETE FROM titles WHERE resource = $1", resource).status());
  for (const auto& [language, title] : titles) {
    RETURN_IF_ERROR(transaction
                        .Execute("INSERT INTO titles (resource, language, title) "
                                 "VALUES ($1, $2, $3)",
                                 resource, language, title)
                        .status());
  }
  return absl::OkStatus();
}

absl::Status WriteDistrict(sql::Transaction& transaction, const District& district) {
  RETURN_IF_ERROR(
      transaction
          .Execute("INSERT INTO districts (id, title, area_km2, label_latitude, label_longitude, "
                   "boundary, attribution) VALUES ($1, $2, $3, $4, $5, $6, $7) "
                   "ON CONFLICT (id) DO UPDATE SET title = excluded.title, "
                   "area_km2 = excluded.area_km2, label_latitude = excluded.label_latitude, "
                   "label_longitude = excluded.label_longitude, boundary = excluded.boundary, "
                   "attribution = excluded.attribution",
                   district.id, district.title, district.area_km2, district.label.latitude,
                   district.label.longitude, district.boundary, district.attribution)
          .status());
  return WriteTitles(transaction, absl::StrCat("districts/", district.id), district.titles);
}

absl::Status WriteDepartment(sql::Transaction& transaction, const Department& department) {
  RETURN_IF_ERROR(
      transaction
          .Execute("INSERT INTO departments (id, title, kind, phones) VALUES ($1, $2, $3, $4) "
                   "ON CONFLICT (id) DO UPDATE SET title = excluded.title, kind = excluded.kind, "
                   "phones = excluded.phones",
                   department.id, department.title, department.kind,
                   absl::StrJoin(department.phones, std::string(1, kPhoneSeparator)))
          .status());
  return WriteTitles(transaction, absl::StrCat("departments/", department.id), department.titles);
}

absl::Status WriteCategory(sql::Transaction& transaction, const Category& category) {
  RETURN_IF_ERROR(
      transaction
          .Execute("INSERT INTO categories (id, title, category_group, group_title, department, "
                   "response_hours, legal_profile) VALUES ($1, $2, $3, $4, $5, $6, $7) "
                   "ON CONFLICT (id) DO UPDATE SET title = excluded.title, "
                   "category_group = excluded.category_group, group_title = excluded.group_title, "
                   "department = excluded.department, response_hours = excluded.response_hours, "
                   "legal_profile = excluded.legal_profile",
                   category.id, category.title, category.group, category.group_title,
                   category.department, category.response_hours, category.legal_profile)
          .status());
  return WriteTitles(transaction, absl::StrCat("categories/", category.id), category.titles);
}

}  // namespace

absl::StatusOr<int64_t> Store::Version(sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(auto rows, transaction.Query("SELECT version FROM city_version WHERE id = 1"));
  return rows.empty() ? 0 : rows[0].Int(0);
}

absl::StatusOr<City> Store::Load(sql::Transaction& transaction) {
  City city;
  ASSIGN_OR_RETURN(city.version, Version(transaction));
  ASSIGN_OR_RETURN(auto titles, ReadTitles(transaction));
  RETURN_IF_ERROR(ReadDistricts(transaction, titles, city));
  RETURN_IF_ERROR(ReadDepartments(transaction, titles, city));
  RETURN_IF_ERROR(ReadCategories(transaction, titles, city));
  return city;
}

absl::Status Store::Import(sql::Transaction& transaction, const City& update) {
  RETURN_IF_ERROR(
      transaction.Execute("UPDATE city_version SET version = version + 1 WHERE id = 1").status());
  for (const District& district : update.districts) {
    RETURN_IF_ERROR(WriteDistrict(transaction, district));
  }
  for (const Department& department : update.departments) {
    RETURN_IF_ERROR(WriteDepartment(transaction, department));
  }
  for (const Category& category : update.categories) {
    RETURN_IF_ERROR(WriteCategory(transaction, category));
  }
  return absl::OkStatus();
}

}  // namespace veche::directory
