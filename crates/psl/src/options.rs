/// How a schema is read.
///
/// The default reads what any version of Prisma reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// The Prisma that the schema is for. What that refuses is an error.
    ///
    /// If it is not known, what any of them reads is read, and what one of them refuses is a
    /// warning that says which.
    pub prisma: Option<PrismaVersion>,
}

/// The versions of Prisma whose schemas differ.
///
/// Prisma documentation, *Upgrade to Prisma ORM 7*.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrismaVersion {
    /// Prisma 6: connection strings stand in the datasource.
    V6,
    /// Prisma 7: they do not; indexes may be partial.
    V7,
}
