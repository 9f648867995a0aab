//! One mistake costs one finding, and hides no other.

use insta::assert_snapshot;

use crate::support::check_text;

/// Of the mistakes that a schema can have by itself, part by part.
const TWENTY: &str = r#"datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
  pool     = 5
}

generator client {
  provider        = "prisma-client"
  previewFeatures = ["viewz"]
}

use Account

model User {
  id     Int    @id @default(autoincrement())
  email  Strin
  age    Int    @default("18")
  name   String @uniqe
  born   Int    @updatedAt
  nick   String[]?
  posts  Post[] @default(1)
  role:  String
  a-b    Int
  age    Int

  @@unique([id, nam])
  @@idx([age])
}

model Post {
  id       Int    @id @db.Integer
  title    String @db.VarChar(255)
  authorId Int
  author   User   @relation(fields: [authorId], references: [uid])
  editorId Int
  editor   User   @relation("editor", fields: [editorId], references: [id], onDelete: Delete)

  @@index([title, title])
  @@map(posts)
}

enum Status {
}

model Post {
  id Int @id
}
"#;

/// Of those that only show between parts that are right by themselves.
const TEN: &str = r#"datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

model User {
  id    Int    @id
  token String @db.Vachar(10)
  pets  Pet[]
}

model Post {
  id       Int  @id
  authorId Int
  author   User @relation(fields: [authorId], references: [id])
  count    Int  @default(99999999999999999999)
  data     Json @default("{")
}

model Pet {
  ownerId Int
  owner   User @relation(fields: [ownerId], references: [id], map: "0123456789012345678901234567890123456789012345678901234567890123")
}

model Tag {
  id   Int      @id
  born DateTime @db.Timestamp(9)
  text String

  @@index([text], type: Gin)
  @@schema("other")
}

view Report {
  id Int @unique
}
"#;

#[test]
fn twenty_mistakes_are_twenty_errors_in_one_run() {
    let checked = check_text(TWENTY);
    assert_eq!(checked.errors().count(), 20, "{}", checked.findings());
    assert_snapshot!(checked.findings(), @r#"
    4:3-4:15 error unknown-property: a datasource has no property `pool`
        help: remove it
    9:22-9:29 error unknown-preview-feature: there is no preview feature `viewz`
        help: did you mean `views`?
    12:1-12:12 error stray-line: this line belongs to no block and begins none
        help: begin a block with `model`, `view`, `enum`, `datasource` or `generator`
    16:10-16:15 error unknown-type: type `Strin` is neither built in nor declared
        help: did you mean `String`?
    17:26-17:30 error wrong-default: wrong default for `Int`: a whole number is expected here, not a string
    18:17-18:23 error unknown-attribute: there is no `@uniqe` here
        help: did you mean `@unique`?
    19:17-19:27 error updated-at-type: `@updatedAt` needs a single `DateTime`, which `born` is not
        help: write `DateTime` or `DateTime?`, or remove the `@updatedAt`
    20:10-20:19 error optional-list: a list cannot be optional
        help: write `[]` or `?`, but not both
    21:17-21:28 error default-on-relation: `posts` is no column and has no default
        help: write it at the scalar field of the relation
    22:7-22:8 error old-syntax: `role` is followed by a colon
        help: remove the `:`
    23:3-23:6 error invalid-name: field name `a-b` has a hyphen in it
        help: write `a_b` with `@map("a-b")`
    24:3-24:6 error duplicate-field: `User` has two fields called `age`
        at 17:3: the other one
    26:17-26:20 error unknown-field: `@@unique` lists `nam`, which `User` does not have
        help: did you mean `name`?
    27:3-27:15 error unknown-attribute: there is no `@@idx` here
        help: did you mean `@@id`?
    34:62-34:65 error unknown-field: `@relation` lists `uid`, which `User` does not have
        help: did you mean `id`?
    36:87-36:93 error wrong-value: there is no referential action `Delete`
        help: write one of `Cascade`, `Restrict`, `NoAction`, `SetNull` and `SetDefault`
    38:19-38:24 error field-listed-twice: `@@index` lists `title` twice
        help: remove one
    39:9-39:14 error wrong-value: a string is expected here, not a name without quotes
    42:6-42:12 error empty-enum: enum `Status` has no values
        help: write one value on each line
    45:7-45:11 error duplicate-block: there are two models called `Post`
        at 30:7: the other one
    "#);
}

#[test]
fn ten_mistakes_between_the_parts_are_ten_errors_in_one_run() {
    let checked = check_text(TEN);
    assert_eq!(checked.errors().count(), 10, "{}", checked.findings());
    assert_snapshot!(checked.findings(), @r#"
    8:16-8:30 error unknown-native-type: Prisma knows no PostgreSQL type `Vachar`
        help: did you mean `VarChar`?
    15:3-15:9 error missing-opposite: `author` has no counterpart on `User`
        help: add a field of type `Post[]` to `User`, or let the formatter add it
    16:17-16:47 error malformed-default: `99999999999999999999` is not a whole number of at most 64 bits
        help: write something like `0`
    17:17-17:30 error malformed-default: `{` is not JSON
        help: write something like `"{}"`
    20:7-20:10 error missing-key: model `Pet` has no key
        help: mark a required field with `@id` or `@unique`, or list several in `@@id` or `@@unique`
    22:68-22:134 error constraint-name-too-long: `0123456789012345678901234567890123456789012345678901234567890123` has 64 bytes; a name has at most 63
        help: shorten it
    27:17-27:33 error native-type-arguments: the precision goes from 0 to 6
    30:3-30:29 error unindexable-type: Gin indexes do not hold the type of `text` by themselves
        help: name an operator class: `ops: raw("…")`
    31:12-31:19 error unknown-schema: the datasource lists no schema "other"
        help: add "other" to the `schemas` of the datasource
    34:6-34:12 error views-without-preview: views are a preview feature that is not enabled
        help: write `previewFeatures = ["views"]` in a generator
    "#);
}
