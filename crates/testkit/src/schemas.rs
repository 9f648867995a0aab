use std::fmt::Write as _;

/// A Prisma schema of `count` models and an enum, for measurements.
///
/// Each model has twelve columns of many types, three indexes and a foreign key to the model before it. Valid, and the
/// same for the same number.
///
/// ```
/// let schema = driftless_testkit::related_models(2);
/// assert_eq!(schema.matches("\nmodel ").count(), 2);
/// ```
pub fn related_models(count: usize) -> String {
    let mut text = String::from(
        "datasource db {\n  provider = \"postgresql\"\n  url = \"postgres://\"\n}\n\nenum State {\n  NEW\n  OPEN\n  DONE\n}\n",
    );
    for i in 0..count {
        let before = i.saturating_sub(1);
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "\nmodel Thing{i} {{\n  id Int @id @default(autoincrement())\n  name String @db.VarChar(200)\n  \
             email String @unique\n  state State @default(NEW)\n  amount Decimal @db.Decimal(12, 2)\n  \
             tags String[]\n  data Json @default(\"{{}}\")\n  flag Boolean @default(false)\n  note String?\n  \
             createdAt DateTime @default(now())\n  updatedAt DateTime @updatedAt\n  beforeId Int?\n  \
             before Thing{before}? @relation(\"To{i}\", fields: [beforeId], references: [id])\n"
        );
        let followers = if i == 0 { 0..2 } else { i + 1..i + 2 };
        for it in followers.filter(|it| *it < count) {
            let _ = writeln!(text, "  followers{it} Thing{it}[] @relation(\"To{it}\")");
        }
        text.push_str("\n  @@index([state, createdAt])\n  @@index([beforeId])\n}\n");
    }
    text
}
