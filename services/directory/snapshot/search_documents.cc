#include "services/directory/snapshot/search_documents.h"

#include <tuple>

#include "absl/strings/str_cat.h"

namespace veche::directory {
namespace {

constexpr float kTitle = 1;
constexpr float kCategory = 0.7F;
constexpr float kAddress = 0.5F;
constexpr float kDescription = 0.3F;

std::string Joined(const std::string& text, const Titles& texts) {
  std::string joined = text;
  for (const auto& [language, other] : texts) absl::StrAppend(&joined, "\n", other);
  return joined;
}

template <typename Entry>
SearchDocument DocumentOfEntry(const Entry& entry, const CategoryText& category_text) {
  return {.fields = {{Joined(entry.title, entry.titles), kTitle},
                     {category_text(entry.category), kCategory},
                     {Joined(entry.description, entry.descriptions), kDescription}},
          .phones = {}};
}

auto TextsOf(const Organization& organization) {
  return std::tie(organization.title, organization.titles, organization.category,
                  organization.description, organization.descriptions, organization.address,
                  organization.phones);
}

auto TextsOf(const EService& service) {
  return std::tie(service.title, service.titles, service.category, service.description,
                  service.descriptions, service.audience);
}

}  // namespace

SearchDocument DocumentOf(const Organization& organization, const CategoryText& category_text) {
  SearchDocument document = DocumentOfEntry(organization, category_text);
  document.fields.push_back({organization.address, kAddress});
  for (const Phone& phone : organization.phones) {
    document.fields.push_back({phone.purpose, kDescription});
    document.phones.push_back(phone.number);
  }
  return document;
}

SearchDocument DocumentOf(const EService& service, const CategoryText& category_text) {
  SearchDocument document = DocumentOfEntry(service, category_text);
  document.fields.push_back({service.audience, kDescription});
  return document;
}

bool HaveSameDocument(const Organization& a, const Organization& b) {
  return TextsOf(a) == TextsOf(b);
}

bool HaveSameDocument(const EService& a, const EService& b) { return TextsOf(a) == TextsOf(b); }

}  // namespace veche::directory
